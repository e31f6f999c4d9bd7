"""Two tasks read, await, and store what they made of it: one update is lost."""

import asyncio


class Counter:
    def __init__(self):
        self.value = 0

    async def add(self):
        seen = self.value  # expect: RC101 Counter.value
        await asyncio.sleep(0)
        self.value = seen + 1  # expect: RC101 Counter.value


async def both():
    counter = Counter()
    await asyncio.gather(counter.add(), counter.add())


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
