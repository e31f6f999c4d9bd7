"""A re-entrant lock is taken twice; only the outer release lets others in."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.RLock()
        self.value = 0

    def add(self):
        with self.lock:
            self.value += 1

    def add_twice(self):
        with self.lock:
            self.add()
            self.value += 1


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add_twice) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 4


if __name__ == "__main__":
    main()
