"""What is filled before the event is set is used after it was waited for."""
# expect: passes
# switches: 0

import asyncio


class Box:
    def __init__(self):
        self.ready = asyncio.Event()
        self.value = 0

    async def fill(self):
        await asyncio.sleep(0)
        self.value += 41
        self.ready.set()

    async def use(self):
        await self.ready.wait()
        self.value += 1


async def main():
    box = Box()
    await asyncio.gather(box.use(), box.fill())
    assert box.value == 42


def test():
    asyncio.run(main())
