"""Tasks that nobody keeps."""

import asyncio


async def work(number):
    await asyncio.sleep(number)


class Hub:
    def __init__(self):
        self.loop = asyncio.get_event_loop()

    def notify(self):
        self.loop.create_task(work(1))  # RC507

    async def fan_out(self):
        for number in range(3):
            asyncio.create_task(work(number), name=str(number))  # RC507
        asyncio.get_running_loop().create_task(work(4))  # RC507


async def main():
    asyncio.ensure_future(work(1))  # RC507
    await asyncio.sleep(3)
