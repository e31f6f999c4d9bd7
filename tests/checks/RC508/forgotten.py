"""Coroutines that are made and dropped."""

import asyncio


async def save(text):
    await asyncio.sleep(0.1)
    print(text)


class Session:
    def __init__(self):
        self.turn = asyncio.Lock()
        self.lines = asyncio.Queue()

    async def close(self):
        await asyncio.sleep(0)

    async def leave(self):
        self.close()  # RC508
        self.lines.put("bye")  # RC508
        self.turn.acquire()  # RC508

    def stop(self):
        self.close()  # RC508


async def main(session: Session):
    session.close()  # RC508
    asyncio.sleep(3)  # RC508
    save("a")  # RC508


def late():
    save("b")  # RC508
# also: RC304
