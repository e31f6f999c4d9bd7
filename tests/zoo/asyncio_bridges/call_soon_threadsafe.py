"""A thread hands its result to the loop and touches it no more."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.steps = 0


def produce(loop, box, ready):
    box.steps += 1

    def deliver():
        box.steps += 1
        ready.set_result(box)

    loop.call_soon_threadsafe(deliver)


async def work(box):
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    thread = threading.Thread(target=produce, args=(loop, box, ready))
    thread.start()
    found = await ready
    found.steps += 1
    thread.join()


def main():
    box = Box()
    asyncio.run(work(box))
    assert box.steps == 3


if __name__ == "__main__":
    main()
