"""join(timeout) in a loop, as a test does that shows progress."""
# expect: passes
# switches: 0

import threading


class Job:
    def __init__(self):
        self.go = threading.Event()
        self.steps = 0

    def run(self):
        self.go.wait()
        self.steps += 1


def test():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join(0.01)
    job.go.set()
    while thread.is_alive():
        thread.join(0.01)
    job.steps += 1
    assert job.steps == 2
