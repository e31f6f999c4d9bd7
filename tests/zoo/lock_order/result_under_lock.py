"""The result of a job is waited for under a lock that the job takes; this time it was through."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    def run(self, gate):
        with self.lock:  # expect: RC312
            self.steps += 1
        gate.write(b"x")


def main():
    job = Job()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(job.run, writer)
            reader.read(1)
            with job.lock:  # expect: RC312
                future.result()  # expect: RC312


if __name__ == "__main__":
    main()
