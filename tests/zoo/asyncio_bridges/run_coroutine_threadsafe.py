"""A loop on a thread of its own; the main thread asks for the result of a coroutine."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.steps = 0

    async def run(self):
        self.steps += 1
        await asyncio.sleep(0)
        self.steps += 1


def main():
    box = Box()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    box.steps += 1
    asyncio.run_coroutine_threadsafe(box.run(), loop).result()
    box.steps += 1
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    assert box.steps == 4


if __name__ == "__main__":
    main()
