"""`wait` returns when all jobs are done."""

import concurrent.futures


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


def main():
    jobs = [Job(), Job()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(job.run) for job in jobs]
        concurrent.futures.wait(futures)
        for job in jobs:
            job.steps += 1
    assert [job.steps for job in jobs] == [2, 2]


if __name__ == "__main__":
    main()
