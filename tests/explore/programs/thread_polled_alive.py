"""is_alive() is asked until the thread has ended, and only then its result is used."""
# expect: passes
# switches: 0

import threading
import time


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def test():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    while thread.is_alive():
        time.sleep(0.01)
    job.steps += 1
    assert job.steps == 2
