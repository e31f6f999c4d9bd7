"""Two tasks find no connection, and both make one."""
# expect: fails assertion
# switches: 1
# expect: fails race RC214 Client.connection
# switches: 1

import asyncio


class Client:
    def __init__(self):
        self.connection = None
        self.made = 0

    async def connect(self):
        await asyncio.sleep(0)
        self.made += 1
        return object()

    async def get(self):
        if self.connection is None:
            self.connection = await self.connect()
        return self.connection


async def get_later(client):
    for _ in range(3):
        await asyncio.sleep(0)
    await client.get()


async def main():
    client = Client()
    await asyncio.gather(client.get(), get_later(client))
    assert client.made == 1


def test():
    asyncio.run(main())
