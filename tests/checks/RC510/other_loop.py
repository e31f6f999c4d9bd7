"""Loops of other threads, and futures that are done."""

import asyncio
import threading


async def fetch(key):
    await asyncio.sleep(1)
    return key


class Background:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def get(self, key):
        return asyncio.run_coroutine_threadsafe(fetch(key), self.loop).result()


async def forwards(key, other):
    future = asyncio.run_coroutine_threadsafe(fetch(key), other)
    return await asyncio.wrap_future(future)


async def starts(key):
    loop = asyncio.get_running_loop()
    future = asyncio.run_coroutine_threadsafe(fetch(key), loop)
    await asyncio.sleep(2)
    if future.done():
        return future.result()
    return None
