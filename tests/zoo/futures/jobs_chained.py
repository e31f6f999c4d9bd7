"""The second job is submitted when the result of the first one is there."""

from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    job = Job()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(4):
            pool.submit(job.run).result()
    assert job.steps == 4


if __name__ == "__main__":
    main()
