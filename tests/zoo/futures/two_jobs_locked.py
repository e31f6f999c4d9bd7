"""Two jobs of one pool update one object under its lock."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.together = threading.Barrier(2)
        self.lock = threading.Lock()
        self.steps = 0

    def run(self):
        self.together.wait()
        with self.lock:
            self.steps += 1


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(job.run)
        pool.submit(job.run)
    assert job.steps == 2


if __name__ == "__main__":
    main()
