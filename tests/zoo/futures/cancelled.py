"""A job that was cancelled before it began has touched nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job, go = Job(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(go.wait)
        waiting = pool.submit(job.run)
        assert waiting.cancel()
        job.steps += 1
        go.set()
    assert job.steps == 1


if __name__ == "__main__":
    main()
