"""Two calls of a map add to one total."""

import threading
from multiprocessing.pool import ThreadPool


class Total:
    def __init__(self):
        self.together = threading.Barrier(2)
        self.value = 0

    def add(self, number):
        self.together.wait()
        self.value += number  # expect: RC101 Total.value


def main():
    total = Total()
    with ThreadPool(2) as pool:
        pool.map(total.add, [1, 2], chunksize=1)


if __name__ == "__main__":
    main()
