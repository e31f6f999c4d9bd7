"""Two tasks need two permits each, there are two: each can hold one and want one more."""
# expect: fails deadlock
# switches: 1

import asyncio


class Machines:
    def __init__(self):
        self.free = asyncio.Semaphore(2)

    async def use_two(self):
        await self.free.acquire()
        await asyncio.sleep(0)
        await self.free.acquire()
        self.free.release()
        self.free.release()


async def use_later(machines):
    for _ in range(3):
        await asyncio.sleep(0)
    await machines.use_two()


async def main():
    machines = Machines()
    await asyncio.gather(machines.use_two(), use_later(machines))


def test():
    asyncio.run(main())
