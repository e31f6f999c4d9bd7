"""A future that says that it is done has done what it does."""

import time
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        future = pool.submit(job.run)
        while not future.done():
            time.sleep(0.001)
        job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
