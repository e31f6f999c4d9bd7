"""A coroutine that takes too long is given up."""
# expect: passes
# switches: 0

import asyncio


class Slow:
    def __init__(self, seconds):
        self.seconds = seconds
        self.ended = False

    async def run(self):
        await asyncio.sleep(self.seconds)
        self.ended = True


async def main():
    slow = Slow(0.2)
    try:
        await asyncio.wait_for(slow.run(), 0.02)
    except TimeoutError:
        slow.ended = None
    assert slow.ended is None


def test():
    asyncio.run(main())
