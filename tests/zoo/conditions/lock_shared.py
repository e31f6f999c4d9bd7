"""The condition was made of a lock, and some take the lock itself."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.value = 0

    def add(self):
        with self.lock:
            self.value += 1

    def add_and_tell(self):
        with self.changed:
            self.value += 1
            self.changed.notify_all()


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add), threading.Thread(target=counter.add_and_tell)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2


if __name__ == "__main__":
    main()
