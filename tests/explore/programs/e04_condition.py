"""The flag is looked at under the condition's lock, in a loop."""
# expect: passes
# switches: 0

import threading


class Gate:
    def __init__(self):
        self.changed = threading.Condition()
        self.open = False
        self.passed = 0

    def pass_through(self):
        with self.changed:
            while not self.open:
                self.changed.wait()
            self.passed += 1

    def unlock(self):
        with self.changed:
            self.open = True
            self.changed.notify_all()


def test():
    gate = Gate()
    threads = [threading.Thread(target=gate.pass_through), threading.Thread(target=gate.unlock)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gate.passed == 1
