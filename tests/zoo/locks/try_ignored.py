"""A lock that is tried, and who does not get it goes on all the same."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self, inside, outside):
        got = self.lock.acquire(blocking=False)
        inside()
        self.value += 1  # expect: RC101 Counter.value
        outside()
        if got:
            self.lock.release()


def main():
    counter = Counter()
    there = threading.Barrier(2)
    threads = [
        threading.Thread(target=lambda: counter.add(there.wait, there.wait)),
        threading.Thread(target=lambda: counter.add(there.wait, there.wait)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
