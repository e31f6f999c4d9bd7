"""A loop that waits for itself."""

import asyncio


async def fetch(key):
    await asyncio.sleep(1)
    return key


class Cache:
    async def get(self, key):
        loop = asyncio.get_event_loop()
        future = asyncio.run_coroutine_threadsafe(fetch(key), loop)
        print("waiting")
        return future.result(timeout=5)  # RC510

    def helper(self, key):
        """get_running_loop() works on the loop's thread only."""
        job = asyncio.run_coroutine_threadsafe(fetch(key), asyncio.get_running_loop())
        return job.result()  # RC510
