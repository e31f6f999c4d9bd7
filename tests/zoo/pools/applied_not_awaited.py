"""The main thread goes on with the object while the pool works on it."""

from multiprocessing.pool import ThreadPool


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    with ThreadPool(2) as pool:
        waiting = pool.apply_async(job.run)
        job.steps += 1  # expect: RC101 Job.steps
        waiting.wait()


if __name__ == "__main__":
    main()
