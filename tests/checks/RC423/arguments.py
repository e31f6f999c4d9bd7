"""Threads whose arguments say that they do not come to the call, and threads whose do not."""

import asyncio
import threading


class Crawler:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def start(self, stop_after=True, log=False):
        self._run(stop_after)

    def _run(self, stop_after):
        if stop_after:
            self._loop.call_soon(self._stop)

    def _stop(self):
        self._loop.stop()

    def in_background(self, log):
        threading.Thread(target=self.start, kwargs={"stop_after": False, "log": log}).start()


class Positional:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def start(self, name, stop_after):
        if not stop_after:
            return
        self._loop.call_soon(print)

    def in_background(self, name):
        threading.Thread(target=self.start, args=(name, False)).start()


class Wanted:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def start(self, stop_after):
        if stop_after:
            self._loop.call_soon(print)  # RC423

    def in_background(self):
        threading.Thread(target=self.start, kwargs={"stop_after": True}).start()


class Unknown:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def start(self, stop_after, log):
        if stop_after:
            self._loop.call_soon(print)  # RC423

    def in_background(self, stop_after):
        options = {"stop_after": stop_after, "log": False}
        threading.Thread(target=self.start, kwargs=options).start()
        threading.Thread(target=self.start, kwargs={"stop_after": stop_after, "log": False}).start()


class OneOfTwo:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop

    def start(self, stop_after):
        if stop_after:
            self._loop.call_soon(print)  # RC423

    def quietly(self):
        threading.Thread(target=self.start, args=(False,)).start()

    def until_done(self):
        threading.Thread(target=self.start, args=(True,)).start()
