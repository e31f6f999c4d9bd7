"""Locks of tasks, and thread locks that are free again."""

import asyncio
import threading


class Account:
    def __init__(self, strange):
        self._lock = threading.Lock()
        self._turn = asyncio.Lock()
        self._strange = strange
        self.total = 0

    async def add(self, bank, amount):
        async with self._turn:
            await bank.confirm(amount)
        with self._lock:
            self.total += amount
        await bank.done()

    async def unknown(self, bank):
        with self._strange:
            await bank.confirm(1)

    async def tried(self, bank):
        if self._lock.acquire(blocking=False):
            try:
                self.total += 1
            finally:
                self._lock.release()
        await bank.done()

    async def starts(self, bank):
        with self._lock:
            task = asyncio.create_task(bank.done())

            async def later():
                await task

            self.total += 1
        await later()

    def plain(self):
        with self._lock:
            self.total += 1
