"""An exception leaves the critical section: the lock is free again, and the order is kept."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self):
        try:
            with self.lock:
                self.value += 1
                raise ValueError("on purpose")
        except ValueError:
            pass


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2
    assert not counter.lock.locked()


if __name__ == "__main__":
    main()
