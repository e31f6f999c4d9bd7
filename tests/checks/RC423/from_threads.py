"""Objects of a loop used on other threads."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


class Feed:
    def __init__(self):
        self.loop = asyncio.get_event_loop()
        self.changed = asyncio.Event()
        self.lines = asyncio.Queue()
        self.task = None

    async def start(self):
        self.task = asyncio.create_task(self.consume())
        threading.Thread(target=self._read, daemon=True).start()

    async def consume(self):
        while True:
            print(await self.lines.get())

    def _read(self):
        for number in range(10):
            self._push(number)
        self.task.cancel()  # RC423

    def _push(self, number):
        self.lines.put_nowait(number)  # RC423
        self.changed.set()  # RC423
        self.loop.call_soon(print, number)  # RC423


async def answer(pool: ThreadPoolExecutor) -> int:
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def work():
        try:
            done.set_result(len("abc"))  # RC423
        except OSError as error:
            done.set_exception(error)  # RC423

    pool.submit(work).add_done_callback(print)
    return await done
