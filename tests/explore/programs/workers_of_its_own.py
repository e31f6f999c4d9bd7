"""A pool made by hand: two threads, a queue for jobs, one for results."""
# expect: passes
# switches: 0

import queue
import threading


class Pool:
    def __init__(self, size):
        self.jobs = queue.Queue()
        self.results = queue.SimpleQueue()
        self.threads = [threading.Thread(target=self.run) for _ in range(size)]

    def run(self):
        while (job := self.jobs.get()) is not None:
            self.results.put(job * job)

    def map(self, jobs):
        for thread in self.threads:
            thread.start()
        for job in jobs:
            self.jobs.put(job)
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join()
        return sorted(self.results.get() for _ in jobs)


def test():
    assert Pool(2).map([1, 2, 3]) == [1, 4, 9]
