"""Closing and joining a pool waits for everything."""

from multiprocessing.pool import ThreadPool


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    pool = ThreadPool(1)
    pool.apply_async(job.run)
    pool.close()
    pool.join()
    job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
