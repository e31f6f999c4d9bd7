"""A loop of short waits for an event."""
# expect: passes
# switches: 0

import threading


class Worker:
    def __init__(self):
        self.stop = threading.Event()
        self.rounds = 0

    def run(self):
        while not self.stop.wait(0.01):
            self.rounds += 1


def test():
    worker = Worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    worker.stop.set()
    thread.join()
    assert worker.rounds >= 0
