"""A return from inside the with block gives the lock back."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def next(self):
        with self.lock:
            self.value += 1
            return self.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.next) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.next() == 3


if __name__ == "__main__":
    main()
