"""A dictionary is walked through with an await in each step, and another task adds to it."""
# expect: fails exception RuntimeError
# switches: 1
# expect: fails race RC115 Rooms.people
# switches: 1

import asyncio


class Rooms:
    def __init__(self):
        self.people = {"red": 1, "blue": 2}

    async def send(self):
        for _ in self.people:
            await asyncio.sleep(0)

    async def open(self):
        for _ in range(4):
            await asyncio.sleep(0)
        self.people["green"] = 0


async def main():
    rooms = Rooms()
    await asyncio.gather(rooms.send(), rooms.open())


def test():
    asyncio.run(main())
