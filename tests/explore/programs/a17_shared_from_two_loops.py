"""Two loops on two threads use one list: looked at in the one, emptied in the other."""
# expect: fails exception IndexError
# switches: 1
# expect: fails race RC214 Shared.items
# switches: 0

import asyncio
import threading


class Shared:
    def __init__(self):
        self.items = ["only"]

    async def take(self):
        if self.items:
            self.items.pop()


def test():
    shared = Shared()
    threads = [threading.Thread(target=lambda: asyncio.run(shared.take())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
