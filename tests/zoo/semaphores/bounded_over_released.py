"""A release too many raises; what is guarded stays guarded."""

import threading


class Counter:
    def __init__(self):
        self.gate = threading.BoundedSemaphore(1)
        self.value = 0
        self.errors = 0

    def add(self):
        with self.gate:
            self.value += 1


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        counter.gate.release()
    except ValueError:
        counter.errors += 1
    assert (counter.value, counter.errors) == (2, 1)


if __name__ == "__main__":
    main()
