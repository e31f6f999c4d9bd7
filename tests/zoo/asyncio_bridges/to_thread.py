"""What a function did on its thread is seen behind the await."""

import asyncio


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1


async def work(job):
    job.steps += 1
    await asyncio.to_thread(job.run)
    job.steps += 1
    await asyncio.to_thread(job.run)


def main():
    job = Job()
    asyncio.run(work(job))
    assert job.steps == 4


if __name__ == "__main__":
    main()
