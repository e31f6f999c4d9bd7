"""A wait of an hour that is cut short, beside a sleep."""
# expect: passes
# switches: 0

import threading
import time


class Alarm:
    def __init__(self, seconds):
        self.seconds = seconds
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    def ring(self):
        self.begun.set()
        return self.cancelled.wait(self.seconds)


def test():
    alarm = Alarm(3600)
    thread = threading.Thread(target=alarm.ring)
    thread.start()
    alarm.begun.wait()
    time.sleep(0.01)
    alarm.cancelled.set()
    thread.join()
