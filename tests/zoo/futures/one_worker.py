"""A pool with one worker runs its jobs one after the other."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(5):
            pool.submit(job.run)
    assert job.steps == 5


if __name__ == "__main__":
    main()
