"""A coroutine updates what a function on a thread updates at the same time."""

import asyncio


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps


async def work(job):
    loop = asyncio.get_running_loop()
    running = loop.run_in_executor(None, job.run)
    job.steps += 1  # expect: RC101 Job.steps
    await running


def main():
    asyncio.run(work(Job()))


if __name__ == "__main__":
    main()
