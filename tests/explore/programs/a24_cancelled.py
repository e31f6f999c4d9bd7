"""A task is cancelled while it waits, cleans up, and is awaited."""
# expect: passes
# switches: 0

import asyncio


class Worker:
    def __init__(self):
        self.begun = asyncio.Event()
        self.cleaned = False

    async def run(self):
        try:
            self.begun.set()
            await asyncio.sleep(3600)
        finally:
            self.cleaned = True


async def main():
    worker = Worker()
    task = asyncio.create_task(worker.run())
    await worker.begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert worker.cleaned


def test():
    asyncio.run(main())
