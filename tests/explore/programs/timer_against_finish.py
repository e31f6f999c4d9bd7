"""The job ends just when its timer fires: both find it not yet done."""
# expect: fails race RC214 Job.done
# switches: 0

import threading


class Job:
    def __init__(self):
        self.done = False
        self.told = []

    def end(self, how):
        if not self.done:
            self.done = True
            self.told.append(how)


def test():
    job = Job()
    timer = threading.Timer(0, job.end, args=("expired",))
    timer.start()
    job.end("finished")
    timer.join()
