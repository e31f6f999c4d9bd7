"""A bounded semaphore with one permit."""

import threading


class Counter:
    def __init__(self):
        self.gate = threading.BoundedSemaphore(1)
        self.value = 0

    def add(self):
        self.gate.acquire()
        try:
            self.value += 1
        finally:
            self.gate.release()


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
