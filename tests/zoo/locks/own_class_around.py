"""A class of the user's own wraps a lock and adds a statistic."""

import threading


class Gate:
    def __init__(self):
        self._lock = threading.Lock()
        self.passed = 0

    def __enter__(self):
        self._lock.acquire()
        self.passed += 1
        return self

    def __exit__(self, *exc):
        self._lock.release()


class Counter:
    def __init__(self):
        self.gate = Gate()
        self.value = 0

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
    assert counter.value == counter.gate.passed == 2


if __name__ == "__main__":
    main()
