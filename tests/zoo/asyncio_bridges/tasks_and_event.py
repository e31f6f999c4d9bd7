"""A task publishes by asyncio's event; all on one thread."""

import asyncio


class Page:
    def __init__(self):
        self.ready = asyncio.Event()
        self.visits = 0

    async def read(self):
        await self.ready.wait()
        self.visits += 1

    async def write(self):
        self.visits += 1
        self.ready.set()


async def work(page):
    await asyncio.gather(page.read(), page.write(), page.read())


def main():
    page = Page()
    asyncio.run(work(page))
    assert page.visits == 3


if __name__ == "__main__":
    main()
