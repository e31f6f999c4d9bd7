"""Condition of asyncio: looked at under its lock, in a loop."""
# expect: passes
# switches: 0

import asyncio


class Box:
    def __init__(self):
        self.changed = asyncio.Condition()
        self.items = []

    async def put(self, item):
        async with self.changed:
            self.items.append(item)
            self.changed.notify()

    async def take(self):
        async with self.changed:
            await self.changed.wait_for(lambda: self.items)
            return self.items.pop()


async def main():
    box = Box()
    got = await asyncio.gather(box.take(), box.put(1), box.take(), box.put(2))
    assert sorted(one for one in got if one) == [1, 2]


def test():
    asyncio.run(main())
