"""What a job did is seen by who asked for its result."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    job.steps += 1
    with ThreadPoolExecutor(2) as pool:
        pool.submit(job.run).result()
        job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
