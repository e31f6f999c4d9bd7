"""The re-entrant lock is given back once too early: the rest runs without it."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.RLock()
        self.value = 0

    def add(self):
        self.lock.acquire()
        self.lock.acquire()
        self.lock.release()
        self.lock.release()
        self.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
