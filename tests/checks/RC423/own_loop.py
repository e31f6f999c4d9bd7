"""A thread that runs a loop, whatever library it is of, and one that does not."""

import asyncio
import threading


class Own:
    def __init__(self, loop):
        self.loop = loop
        self.task: asyncio.Task = loop.make(self)

    def start(self):
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        self.loop.run_sync(self.step)
        self.task.cancel()

    async def step(self):
        print("step")


class Other:
    def __init__(self, loop):
        self.loop = loop
        self.task: asyncio.Task = loop.make(self)

    def start(self):
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        self.loop.step()
        self.task.cancel()  # RC423
