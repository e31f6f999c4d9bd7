"""A group of tasks under a semaphore; the group waits for all of them."""
# expect: passes
# switches: 0

import asyncio


class Pool:
    def __init__(self):
        self.free = asyncio.Semaphore(2)
        self.inside = 0
        self.done = 0

    async def use(self):
        async with self.free:
            self.inside += 1
            assert self.inside <= 2
            await asyncio.sleep(0)
            self.inside -= 1
        self.done += 1


async def main():
    pool = Pool()
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(pool.use())
    assert pool.done == 3


def test():
    asyncio.run(main())
