"""The calls of a map add to one total."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Total:
    def __init__(self):
        self.together = threading.Barrier(2)
        self.value = 0

    def add(self, number):
        self.together.wait()
        self.value += number  # expect: RC101 Total.value


def main():
    total = Total()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(total.add, [1, 2]))


if __name__ == "__main__":
    main()
