"""The exception of a job reaches who asks; the order is kept."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1
        raise ValueError("on purpose")


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        future = pool.submit(job.run)
        try:
            future.result()
        except ValueError:
            job.steps += 1
    assert job.steps == 2


if __name__ == "__main__":
    main()
