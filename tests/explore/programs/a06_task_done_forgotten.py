"""A job that was cancelled is skipped without task_done(): join() never returns."""
# expect: fails deadlock
# switches: 1

import asyncio


class Jobs:
    def __init__(self):
        self.queue = asyncio.Queue()
        self.cancelled = False

    async def work(self):
        while True:
            await self.queue.get()
            if self.cancelled:
                continue
            self.queue.task_done()

    async def cancel(self):
        self.cancelled = True


async def main():
    jobs = Jobs()
    jobs.queue.put_nowait("job")
    worker = asyncio.create_task(jobs.work())
    canceller = asyncio.create_task(jobs.cancel())
    await jobs.queue.join()
    await canceller
    worker.cancel()


def test():
    asyncio.run(main())
