"""A coroutine updates what a function on a thread updates at the same time."""

import asyncio
import os


class Job:
    def __init__(self):
        self.steps = 0

    def run(self, gate):
        gate.read(1)
        self.steps += 1  # expect: RC101 Job.steps


async def work(job, reader, writer):
    loop = asyncio.get_running_loop()
    running = loop.run_in_executor(None, job.run, reader)
    job.steps += 1  # expect: RC101 Job.steps
    writer.write(b"x")
    await running


def main():
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        asyncio.run(work(Job(), reader, writer))


if __name__ == "__main__":
    main()
