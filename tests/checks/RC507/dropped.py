"""Tasks that nobody keeps."""

import asyncio


async def work(reader):
    await reader.read()


class Hub:
    def __init__(self):
        self.loop = asyncio.get_event_loop()

    def notify(self, reader):
        self.loop.create_task(work(reader))  # RC507

    async def fan_out(self, reader):
        for number in range(3):
            asyncio.create_task(work(reader), name=str(number))  # RC507
        asyncio.get_running_loop().create_task(work(reader))  # RC507


async def main(reader):
    asyncio.ensure_future(work(reader))  # RC507
    await asyncio.sleep(3)
