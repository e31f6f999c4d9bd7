"""The main thread goes on with the object before it asks for the result."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        future = pool.submit(job.run)
        job.steps += 1  # expect: RC101 Job.steps
        future.result()


if __name__ == "__main__":
    main()
