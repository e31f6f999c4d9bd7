"""A callback runs after its job, on whichever thread; one job, one object."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1

    def finished(self, future):
        self.steps += 1


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        future = pool.submit(job.run)
        future.add_done_callback(job.finished)
    job.steps += 1
    assert job.steps == 3


if __name__ == "__main__":
    main()
