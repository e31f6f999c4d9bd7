"""Two tasks await first and then update in one go: no task can come in between."""

import asyncio


class Counter:
    def __init__(self):
        self.value = 0

    async def add(self):
        await asyncio.sleep(0)
        seen = self.value
        self.value = seen + 1
        self.value += 1


async def both():
    counter = Counter()
    await asyncio.gather(counter.add(), counter.add())


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
