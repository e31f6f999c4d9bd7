"""A timer fires once; the main thread waits for what it says."""
# expect: passes
# switches: 0

import threading


class Reminder:
    def __init__(self, seconds):
        self.said = threading.Event()
        self.timer = threading.Timer(seconds, self.said.set)


def test():
    reminder = Reminder(0.02)
    reminder.timer.start()
    assert reminder.said.wait(60)
    reminder.timer.join()
