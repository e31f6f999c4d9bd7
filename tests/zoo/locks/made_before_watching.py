"""The lock is older than the watching: `logging` made it when it was imported."""

import logging
import threading


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        handler = logging.lastResort
        handler.acquire()
        try:
            self.value += 1
        finally:
            handler.release()


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
