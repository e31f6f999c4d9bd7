"""Jobs that a coroutine waits for one after the other, and jobs that it does not wait for."""

import asyncio


class Server:
    def __init__(self, source):
        self.source = source
        self.last = ""

    async def serve(self):
        while True:
            await asyncio.to_thread(self._execute, await self.source.get())

    def _execute(self, text):
        self.last = joined(self.last, text)


class Eager:
    def __init__(self, source):
        self.source = source
        self.last = ""

    async def serve(self):
        jobs = []
        while True:
            text = await self.source.get()
            jobs.append(asyncio.to_thread(self._execute, text))
            if len(jobs) > 3:
                await asyncio.gather(*jobs)

    def _execute(self, text):
        self.last = joined(self.last, text)  # RC106


def joined(one, other):
    return one + other
