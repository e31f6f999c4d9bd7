"""`wait` for the first job says nothing about the second one."""

import concurrent.futures
import os


class Job:
    def __init__(self):
        self.steps = 0

    def quick(self):
        return self

    def slow(self, gate):
        gate.read(1)
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(job.slow, reader), pool.submit(job.quick)]
            concurrent.futures.wait(futures, return_when=concurrent.futures.FIRST_COMPLETED)
            job.steps += 1  # expect: RC101 Job.steps
            writer.write(b"x")


if __name__ == "__main__":
    main()
