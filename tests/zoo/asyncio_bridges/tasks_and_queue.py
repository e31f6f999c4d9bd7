"""Tasks hand objects over by asyncio's queue; all on one thread."""

import asyncio


class Box:
    def __init__(self):
        self.stamps = 0


async def send(channel):
    for _ in range(3):
        box = Box()
        await channel.put(box)
        box.stamps += 1
    await channel.put(None)


async def receive(channel):
    while (box := await channel.get()) is not None:
        box.stamps += 1


async def work():
    channel = asyncio.Queue(1)
    await asyncio.gather(send(channel), receive(channel))


def main():
    asyncio.run(work())


if __name__ == "__main__":
    main()
