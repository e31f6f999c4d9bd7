"""Coroutines that are alone on a loop of their own, and those that are not."""

import asyncio
import time


class Heartbeat:
    """Made and run by one function; nothing else is on that loop."""

    def run(self):
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._watch())
        finally:
            loop.close()

    async def _watch(self):
        while await self._alive():
            time.sleep(1)

    async def _alive(self):
        time.sleep(0.1)
        return True


class Busy:
    """Puts a task beside itself on the loop."""

    def run(self):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(self._watch())

    async def _watch(self):
        task = asyncio.create_task(self._beat())
        while True:
            time.sleep(1)  # RC501
            await asyncio.sleep(0)
            if task.done():
                return

    async def _beat(self):
        time.sleep(0.1)  # RC501


class Called:
    """Somebody else awaits it as well."""

    def run(self):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(self.watch())

    async def watch(self):
        time.sleep(1)  # RC501


async def serve():
    await Called().watch()


class Lent:
    """The loop is somebody else's."""

    def __init__(self, loop):
        self._loop = loop

    def run(self):
        self._loop.run_until_complete(self._watch())

    async def _watch(self):
        time.sleep(1)  # RC501
