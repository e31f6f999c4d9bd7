"""A counter is updated by a thread (to_thread) and by a task of the loop."""
# expect: fails race RC101 Counter.n
# switches: 0

import asyncio


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1

    async def add_in_loop(self):
        await asyncio.sleep(0)
        self.n += 1


async def main():
    counter = Counter()
    await asyncio.gather(asyncio.to_thread(counter.add), counter.add_in_loop())


def test():
    asyncio.run(main())
