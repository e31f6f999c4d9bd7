"""A function on the loop's executor, awaited before the object is used again."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


async def work(job):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:
        await loop.run_in_executor(pool, job.run)
        job.steps += 1
        await loop.run_in_executor(pool, job.run)
    job.steps += 1


def main():
    job = Job()
    asyncio.run(work(job))
    assert job.steps == 4


if __name__ == "__main__":
    main()
