"""Handed over, or on a loop of the thread's own."""

import asyncio
import queue
import threading


class Feed:
    def __init__(self, loop):
        self.loop = loop
        self.changed = asyncio.Event()
        self.lines = asyncio.Queue()
        self.raw = queue.Queue()
        self.stopped = threading.Event()

    def start(self):
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for number in range(10):
            self.raw.put_nowait(number)
            self.loop.call_soon_threadsafe(self.lines.put_nowait, number)
            self.loop.call_soon_threadsafe(lambda: self.changed.set())
        asyncio.run_coroutine_threadsafe(self.flush(), self.loop).result()
        self.stopped.set()

    async def flush(self):
        self.changed.clear()
        self.lines.put_nowait(None)


class Own(threading.Thread):
    """The loop belongs to this thread."""

    def __init__(self):
        super().__init__(daemon=True)
        self.loop = None

    def run(self):
        self._setup()
        self.loop.run_forever()

    def _setup(self):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(print, "ready")
        self.loop.call_later(1.0, self.loop.stop)


class Careful:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop

    def stop(self):
        if threading.current_thread() is threading.main_thread():
            self.loop.stop()
        else:
            self.loop.call_soon_threadsafe(self.loop.stop)

    def watch(self):
        threading.Thread(target=self.stop).start()


def on_loop(future: asyncio.Future):
    future.set_result(1)


async def main():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(on_loop, future)
    print(await future)
