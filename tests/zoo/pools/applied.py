"""`apply_async(...).get()` hands the result over."""

from multiprocessing.pool import ThreadPool


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    job.steps += 1
    with ThreadPool(2) as pool:
        pool.apply_async(job.run).get()
        job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
