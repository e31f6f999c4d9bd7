"""A pool of multiprocessing's threads hands over what a job has done, and what its callback did."""
# expect: passes
# switches: 0

from multiprocessing.pool import ThreadPool


class Job:
    def __init__(self):
        self.steps = 0
        self.told = 0

    def run(self):
        self.steps += 1

    def done(self, _):
        self.told += self.steps


def test():
    job = Job()
    job.steps += 1
    with ThreadPool(2) as pool:
        pool.apply_async(job.run, callback=job.done).get()
        job.steps += 1
        assert job.told == 2
    assert job.steps == 3
