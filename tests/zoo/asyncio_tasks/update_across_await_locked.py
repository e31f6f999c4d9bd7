"""The same update under the lock of a loop: nobody comes in between."""

import asyncio


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = asyncio.Lock()

    async def add(self):
        async with self.lock:
            seen = self.value
            await asyncio.sleep(0)
            self.value = seen + 1


async def both():
    counter = Counter()
    await asyncio.gather(counter.add(), counter.add())


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
