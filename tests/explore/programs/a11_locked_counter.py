"""Read, await and write under a lock of asyncio."""
# expect: passes
# switches: 0

import asyncio


class Counter:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.n = 0

    async def add(self):
        async with self.lock:
            n = self.n
            await asyncio.sleep(0)
            self.n = n + 1


async def main():
    counter = Counter()
    await asyncio.gather(counter.add(), counter.add())
    assert counter.n == 2


def test():
    asyncio.run(main())
