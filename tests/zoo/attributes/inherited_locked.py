"""Base and derived class guard the attribute by the lock that the base has made."""

import threading


class Base:
    def __init__(self):
        self.lock = threading.Lock()
        self.count = 0

    def touch(self):
        with self.lock:
            self.count += 1


class Derived(Base):
    def touch_too(self):
        with self.lock:
            self.count += 2


def main():
    thing = Derived()
    threads = [threading.Thread(target=thing.touch), threading.Thread(target=thing.touch_too)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert thing.count == 3


if __name__ == "__main__":
    main()
