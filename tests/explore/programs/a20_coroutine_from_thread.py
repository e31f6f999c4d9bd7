"""A loop on a thread of its own, to which the main thread sends coroutines."""
# expect: passes
# switches: 0

import asyncio
import threading


class Background:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.n = 0

    async def add(self):
        self.n += 1
        return self.n

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def test():
    background = Background()
    background.thread.start()
    futures = [asyncio.run_coroutine_threadsafe(background.add(), background.loop) for _ in "ab"]
    found = sorted(future.result(60) for future in futures)
    background.stop()
    assert found == [1, 2]
