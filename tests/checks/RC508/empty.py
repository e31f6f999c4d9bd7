"""A coroutine with nothing in it, and one with something."""


class Client:
    async def closed(self):
        """Nothing to do here."""

    async def opened(self):
        print("opened")

    async def run(self):
        self.closed()
        self.opened()  # RC508
