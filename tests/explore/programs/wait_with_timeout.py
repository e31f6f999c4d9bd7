"""A wait that may time out, in a loop that looks again."""
# expect: passes
# switches: 0

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.item = None

    def put(self, item):
        with self.changed:
            self.item = item
            self.changed.notify()

    def take(self):
        with self.changed:
            while self.item is None:
                self.changed.wait(0.5)
            self.item = None


def test():
    box = Box()
    threads = [threading.Thread(target=box.take), threading.Thread(target=box.put, args=(1,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.item is None
