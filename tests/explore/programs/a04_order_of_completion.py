"""The short task is expected to end before the long one."""
# expect: fails assertion
# switches: 1

import asyncio


class Race:
    def __init__(self):
        self.order = []

    async def run(self, name, steps):
        for _ in range(steps):
            await asyncio.sleep(0)
        self.order.append(name)


async def main():
    race = Race()
    await asyncio.gather(race.run("short", 1), race.run("long", 3))
    assert race.order == ["short", "long"]


def test():
    asyncio.run(main())
