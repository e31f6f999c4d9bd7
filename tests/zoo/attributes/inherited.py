"""The method of a base class updates the attribute of an object of a derived one."""

import threading


class Base:
    def __init__(self):
        self.count = 0

    def touch(self):
        self.count = self.count + 1  # expect: RC101 Derived.count


class Derived(Base):
    def touch_too(self):
        self.count += 2  # expect: RC101 Derived.count


def main():
    thing = Derived()
    threads = [threading.Thread(target=thing.touch), threading.Thread(target=thing.touch_too)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
