"""Tasks that the loop's own timers hold, and those that wait for something else."""

import asyncio


class Minion:
    def __init__(self, stream):
        self.stream = stream

    async def start(self):
        asyncio.create_task(self._tick())
        asyncio.create_task(self._once())
        asyncio.create_task(self._around())
        asyncio.create_task(self._read())  # RC507
        asyncio.create_task(self._both())  # RC507
        asyncio.create_task(self._all())  # RC507

    async def _tick(self):
        while True:
            await asyncio.sleep(10)
            print("tick")

    async def _once(self):
        print("once")

    async def _around(self):
        await self._tick()

    async def _read(self):
        print(await self.stream.read())

    async def _both(self):
        await asyncio.sleep(1)
        await self.stream

    async def _all(self):
        async for line in self.stream:
            print(line)
