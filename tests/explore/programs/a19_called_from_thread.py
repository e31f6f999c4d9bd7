"""A thread hands its update to the loop, which makes all of them."""
# expect: passes
# switches: 0

import asyncio
import threading


class Tally:
    def __init__(self, loop):
        self.loop = loop
        self.n = 0
        self.full = asyncio.Event()

    def add(self):
        self.n += 1
        if self.n == 2:
            self.full.set()

    def send(self):
        self.loop.call_soon_threadsafe(self.add)


async def main():
    tally = Tally(asyncio.get_running_loop())
    threads = [threading.Thread(target=tally.send) for _ in range(2)]
    for thread in threads:
        thread.start()
    await tally.full.wait()
    for thread in threads:
        thread.join()
    assert tally.n == 2


def test():
    asyncio.run(main())
