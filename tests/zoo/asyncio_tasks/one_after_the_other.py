"""The same task body run one after the other: the await lets nobody in."""

import asyncio


class Counter:
    def __init__(self):
        self.value = 0

    async def add(self):
        seen = self.value
        await asyncio.sleep(0)
        self.value = seen + 1


async def both():
    counter = Counter()
    await asyncio.create_task(counter.add())
    await asyncio.create_task(counter.add())


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
