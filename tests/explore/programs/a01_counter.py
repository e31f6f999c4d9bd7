"""A task reads, awaits, and writes what it read: another task's update is lost."""
# expect: fails assertion
# switches: 1
# expect: fails race RC101 Counter.n
# switches: 1

import asyncio


class Counter:
    def __init__(self):
        self.n = 0

    async def add(self):
        n = self.n
        await asyncio.sleep(0)
        self.n = n + 1


async def add_later(counter):
    for _ in range(3):
        await asyncio.sleep(0)
    await counter.add()


async def main():
    counter = Counter()
    await asyncio.gather(counter.add(), add_later(counter))
    assert counter.n == 2


def test():
    asyncio.run(main())
