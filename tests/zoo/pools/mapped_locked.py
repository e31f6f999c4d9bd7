"""Two calls of a map add to one total, under a lock."""

import threading
from multiprocessing.pool import ThreadPool


class Total:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self, number):
        with self.lock:
            self.value += number


def main():
    total = Total()
    with ThreadPool(2) as pool:
        pool.map(total.add, range(10))
        total.value += 1
    assert total.value == 46


if __name__ == "__main__":
    main()
