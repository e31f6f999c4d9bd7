"""The event is set and cleared at once: a task that comes later waits for ever."""
# expect: fails deadlock
# switches: 1

import asyncio


class Ferry:
    def __init__(self):
        self.there = asyncio.Event()

    async def board(self):
        await self.there.wait()

    async def call(self):
        await asyncio.sleep(0)
        self.there.set()
        self.there.clear()


async def main():
    ferry = Ferry()
    await asyncio.gather(ferry.board(), ferry.call())


def test():
    asyncio.run(main())
