"""A thread's lock is held across an await, and the thread that it waits for wants the lock."""
# expect: fails deadlock
# switches: 1

import asyncio
import threading


class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.saved = 0

    def save(self):
        with self.lock:
            self.saved += 1

    async def flush(self, saving):
        with self.lock:
            await saving


async def main():
    store = Store()
    saving = asyncio.create_task(asyncio.to_thread(store.save))
    for _ in range(3):
        await asyncio.sleep(0)
    await store.flush(saving)
    assert store.saved == 1


def test():
    asyncio.run(main())
