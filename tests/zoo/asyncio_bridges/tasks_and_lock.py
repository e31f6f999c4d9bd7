"""Tasks of one loop run on one thread; asyncio's lock keeps them apart."""

import asyncio


class Box:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.steps = 0

    async def run(self):
        async with self.lock:
            steps = self.steps
            await asyncio.sleep(0)
            self.steps = steps + 1


async def work(box):
    await asyncio.gather(*(box.run() for _ in range(3)))


def main():
    box = Box()
    asyncio.run(work(box))
    assert box.steps == 3


if __name__ == "__main__":
    main()
