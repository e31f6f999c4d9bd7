"""One task puts, one gets, a sentinel ends it."""
# expect: passes
# switches: 0

import asyncio


class Pipe:
    def __init__(self):
        self.queue = asyncio.Queue(maxsize=1)
        self.got = []

    async def produce(self):
        for number in range(3):
            await self.queue.put(number)
        await self.queue.put(None)

    async def consume(self):
        while (item := await self.queue.get()) is not None:
            self.got.append(item)


async def main():
    pipe = Pipe()
    await asyncio.gather(pipe.produce(), pipe.consume())
    assert pipe.got == [0, 1, 2]


def test():
    asyncio.run(main())
