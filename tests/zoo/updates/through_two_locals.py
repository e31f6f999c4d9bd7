"""The value travels through two local variables and an expression."""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    def double(self):
        old = self.value  # expect: RC101 Counter.value
        new = old * 2 + 1
        self.value = new  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.double) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
