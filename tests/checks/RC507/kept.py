"""Tasks that somebody keeps."""

import asyncio


async def work(number):
    await asyncio.sleep(number)


class Hub:
    def __init__(self):
        self.tasks = set()

    def notify(self):
        task = asyncio.create_task(work(1))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def start(self):
        return asyncio.create_task(work(2))


async def main(group, future):
    group.create_task(work(1))
    asyncio.ensure_future(future)
    await asyncio.gather(*[asyncio.create_task(work(n)) for n in range(3)])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(work(5))
    waiting = [asyncio.ensure_future(work(6))]
    await asyncio.wait(waiting)
    await asyncio.create_task(work(7))
