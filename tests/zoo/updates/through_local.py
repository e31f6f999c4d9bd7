"""The value travels through a local variable."""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        value = self.value  # expect: RC101 Counter.value
        value += 1
        self.value = value  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
