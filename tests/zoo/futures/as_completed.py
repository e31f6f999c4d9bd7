"""Jobs are taken up as they come to an end."""

import concurrent.futures


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1
        return self


def main():
    jobs = [Job(), Job(), Job()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(job.run) for job in jobs]
        for future in concurrent.futures.as_completed(futures):
            job = future.result()
            job.steps += 1
    assert [job.steps for job in jobs] == [2, 2, 2]


if __name__ == "__main__":
    main()
