"""Condition.wait_for looks at the predicate under the lock, as often as it must."""
# expect: passes
# switches: 0

import threading


class Latch:
    def __init__(self, count):
        self.changed = threading.Condition()
        self.count = count

    def down(self):
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def wait(self):
        with self.changed:
            self.changed.wait_for(lambda: self.count == 0)


def test():
    latch = Latch(2)
    threads = [threading.Thread(target=work) for work in (latch.wait, latch.down, latch.down)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert latch.count == 0
