"""A thread hands an object to the loop, and touches it once more."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.steps = 0


def produce(loop, box, ready):
    loop.call_soon_threadsafe(ready.set_result, box)
    box.steps += 1  # expect: RC101 Box.steps


async def work(box):
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    thread = threading.Thread(target=produce, args=(loop, box, ready))
    thread.start()
    found = await ready
    found.steps += 1  # expect: RC101 Box.steps
    thread.join()


def main():
    asyncio.run(work(Box()))


if __name__ == "__main__":
    main()
