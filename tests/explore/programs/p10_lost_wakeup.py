"""The flag is read outside the condition: it can be set and announced before the wait begins."""
# expect: fails deadlock
# switches: 1

import threading


class Gate:
    def __init__(self):
        self.open = False
        self.changed = threading.Condition()

    def pass_through(self):
        if not self.open:
            with self.changed:
                self.changed.wait()

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
