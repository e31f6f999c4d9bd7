"""A callback of a pool runs on its result thread, after the job."""

from multiprocessing.pool import ThreadPool


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1
        return 1

    def finished(self, result):
        self.steps += result


def main():
    job = Job()
    with ThreadPool(2) as pool:
        pool.apply_async(job.run, callback=job.finished).get()
        job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
