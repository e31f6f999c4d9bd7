"""Two locks of asyncio are taken in two orders."""
# expect: fails deadlock
# switches: 1

import asyncio


class Pair:
    def __init__(self):
        self.a = asyncio.Lock()
        self.b = asyncio.Lock()

    async def forwards(self):
        async with self.a:
            await asyncio.sleep(0)
            async with self.b:
                pass

    async def backwards(self):
        for _ in range(3):
            await asyncio.sleep(0)
        async with self.b:
            await asyncio.sleep(0)
            async with self.a:
                pass


async def main():
    pair = Pair()
    await asyncio.gather(pair.forwards(), pair.backwards())


def test():
    asyncio.run(main())
