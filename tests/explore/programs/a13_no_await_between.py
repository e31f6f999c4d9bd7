"""Between the look and the pop there is no await: no task comes in between."""
# expect: passes
# switches: 0

import asyncio


class Stack:
    def __init__(self, items):
        self.items = items
        self.taken = []

    async def take(self):
        await asyncio.sleep(0)
        if self.items:
            self.taken.append(self.items.pop())
        await asyncio.sleep(0)


async def main():
    stack = Stack(["only"])
    await asyncio.gather(stack.take(), stack.take())
    assert stack.taken == ["only"]


def test():
    asyncio.run(main())
