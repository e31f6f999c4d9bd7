"""A lock for one writer or many readers, made of a condition."""
# expect: passes
# switches: 0

import threading


class Shelf:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0
        self.low = 0
        self.high = 0

    def read(self):
        with self.changed:
            self.readers += 1
        assert self.low == self.high
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def write(self):
        with self.changed:
            while self.readers:
                self.changed.wait()
            self.low += 1
            self.high += 1


def test():
    shelf = Shelf()
    threads = [threading.Thread(target=work) for work in (shelf.read, shelf.write, shelf.read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.high == 1
