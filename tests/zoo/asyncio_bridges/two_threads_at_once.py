"""Two functions on threads, awaited together, update one object."""

import asyncio
import threading


class Job:
    def __init__(self):
        self.together = threading.Barrier(2)
        self.steps = 0

    def run(self):
        self.together.wait()
        self.steps += 1  # expect: RC101 Job.steps


async def work(job):
    await asyncio.gather(asyncio.to_thread(job.run), asyncio.to_thread(job.run))


def main():
    asyncio.run(work(Job()))


if __name__ == "__main__":
    main()
