"""Two tasks find no connection, and both make one."""

import asyncio


class Client:
    def __init__(self):
        self.connection = None

    async def get(self):
        if self.connection is None:  # expect: RC214 Client.connection
            self.connection = await self.connect()  # expect: RC214 Client.connection
        return self.connection

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
