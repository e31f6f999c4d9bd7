"""A timer that is cancelled in time, or not: both are all right here."""
# expect: passes
# switches: 0

import threading


class Watch:
    def __init__(self):
        self.lock = threading.Lock()
        self.result = None

    def settle(self, result):
        with self.lock:
            if self.result is None:
                self.result = result


def test():
    watch = Watch()
    timer = threading.Timer(30, watch.settle, args=("late",))
    timer.start()
    watch.settle("done")
    timer.cancel()
    timer.join()
    assert watch.result == "done"
