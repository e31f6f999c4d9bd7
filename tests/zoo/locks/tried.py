"""A lock that is tried: who does not get it does something else."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self):
        if self.lock.acquire(blocking=False):
            try:
                self.value += 1
            finally:
                self.lock.release()


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value in (1, 2)


if __name__ == "__main__":
    main()
