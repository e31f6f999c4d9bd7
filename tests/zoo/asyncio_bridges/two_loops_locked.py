"""Two loops on two threads; a lock of threads around what is updated."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.lock = threading.Lock()
        self.steps = 0

    async def run(self):
        await asyncio.sleep(0)
        with self.lock:
            self.steps += 1


def work(box):
    asyncio.run(box.run())


def main():
    box = Box()
    threads = [threading.Thread(target=work, args=(box,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.steps == 2


if __name__ == "__main__":
    main()
