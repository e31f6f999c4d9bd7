"""The main thread goes on with the object while the loop's thread works on it."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.steps = 0

    async def run(self):
        self.steps += 1  # expect: RC101 Box.steps


def main():
    box = Box()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    waiting = asyncio.run_coroutine_threadsafe(box.run(), loop)
    box.steps += 1  # expect: RC101 Box.steps
    waiting.result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


if __name__ == "__main__":
    main()
