"""One of two methods lacks the decorator."""

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
        self.value += 1  # expect: RC101 Counter.value

    def drop(self):
        self.value -= 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add), threading.Thread(target=counter.drop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
