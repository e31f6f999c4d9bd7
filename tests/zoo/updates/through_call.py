"""A function works out the new value: read before the call, stored after it."""

import threading


def bumped(value):
    return value + 1


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        self.value = bumped(self.value)  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
