"""Between the look and the pop there is an await, and another task takes the item."""
# expect: fails exception IndexError
# switches: 1
# expect: fails race RC214 Stack.items
# switches: 1

import asyncio


class Stack:
    def __init__(self, items):
        self.items = items

    async def take(self):
        if self.items:
            await asyncio.sleep(0)
            return self.items.pop()
        return None


async def take_later(stack):
    for _ in range(3):
        await asyncio.sleep(0)
    await stack.take()


async def main():
    stack = Stack(["only"])
    await asyncio.gather(stack.take(), take_later(stack))


def test():
    asyncio.run(main())
