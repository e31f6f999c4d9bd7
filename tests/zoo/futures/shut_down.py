"""`shutdown` waits for all jobs."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    pool = ThreadPoolExecutor(2)
    pool.submit(job.run)
    pool.shutdown()
    job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
