"""What goes wrong in the thread is caught there, and told to whoever joins it."""
# expect: passes
# switches: 0

import threading


class Job(threading.Thread):
    def __init__(self, text):
        super().__init__()
        self.text = text
        self.error = None

    def run(self):
        try:
            int(self.text)
        except ValueError as error:
            self.error = error


def test():
    jobs = [Job("1"), Job("one")]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert [job.error is None for job in jobs] == [True, False]
