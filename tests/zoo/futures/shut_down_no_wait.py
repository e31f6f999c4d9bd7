"""`shutdown(wait=False)` does not wait for the jobs."""

import os
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self, gate):
        gate.read(1)
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        pool = ThreadPoolExecutor(2)
        future = pool.submit(job.run, reader)
        pool.shutdown(wait=False)
        job.steps += 1  # expect: RC101 Job.steps
        writer.write(b"x")
        future.result()


if __name__ == "__main__":
    main()
