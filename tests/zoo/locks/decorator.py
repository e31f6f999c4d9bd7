"""A decorator takes the lock around the whole method."""

import functools
import threading


def locked(method):
    @functools.wraps(method)
    def inner(self):
        with self.lock:
            return method(self)

    return inner


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    @locked
    def add(self):
        self.value += 1


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2


if __name__ == "__main__":
    main()
