"""Two jobs of one pool run on two threads and update one object."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.together = threading.Barrier(2)
        self.steps = 0

    def run(self):
        self.together.wait()
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(job.run)
        pool.submit(job.run)


if __name__ == "__main__":
    main()
