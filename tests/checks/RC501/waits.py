"""Nothing blocks here."""

import asyncio
import concurrent.futures
import queue
import threading
import time

lines = queue.Queue()


async def offloaded(pool):
    await asyncio.to_thread(time.sleep, 1)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(pool, lines.get)
    future = pool.submit(time.sleep, 1)
    await asyncio.wrap_future(future)
    print(future.result())


async def polled():
    while not lines.empty():
        print(lines.get())
    try:
        print(lines.get_nowait())
        print(lines.get(block=False))
    except queue.Empty:
        await asyncio.sleep(0.1)


async def done(future: concurrent.futures.Future):
    while not future.done():
        await asyncio.sleep(0.1)
    return future.result()


class Tasks:
    """Same names, other classes."""

    def __init__(self):
        self.ready = asyncio.Event()
        self.jobs = asyncio.Queue()
        self.stopped = threading.Event()

    async def run(self):
        await self.ready.wait()
        job = await asyncio.wait_for(self.jobs.get(), 5)
        task = asyncio.create_task(job())
        await asyncio.wait([task])
        print(task.result())
        time.sleep(0)
        return self.stopped.is_set()

    def helper(self):
        """Ordinary code: who calls it is another question."""
        time.sleep(1)

    async def nested(self):
        def work():
            time.sleep(1)

        await asyncio.to_thread(work)
