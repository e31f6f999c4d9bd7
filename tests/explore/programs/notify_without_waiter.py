"""A notification is not remembered: whoever waits after it waits for ever."""
# expect: fails deadlock
# switches: 1

import threading


class Signal:
    def __init__(self):
        self.changed = threading.Condition()

    def wait(self):
        with self.changed:
            self.changed.wait()

    def send(self):
        with self.changed:
            self.changed.notify()


def test():
    signal = Signal()
    threads = [threading.Thread(target=signal.wait), threading.Thread(target=signal.send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
