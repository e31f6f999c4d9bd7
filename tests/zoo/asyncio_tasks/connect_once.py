"""The first task stores the task that connects before it awaits: the second finds it."""

import asyncio


class Client:
    def __init__(self):
        self.connecting = None

    async def get(self):
        if self.connecting is None:
            self.connecting = asyncio.ensure_future(self.connect())
        return await self.connecting

    async def connect(self):
        await asyncio.sleep(0)
        return object()


async def both():
    client = Client()
    await asyncio.gather(client.get(), client.get())


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
