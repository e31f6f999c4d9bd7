"""Two loops on two threads; their coroutines update one object."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.steps = 0

    async def run(self):
        await asyncio.sleep(0)
        self.steps += 1  # expect: RC101 Box.steps


def work(box):
    asyncio.run(box.run())


def main():
    box = Box()
    threads = [threading.Thread(target=work, args=(box,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
