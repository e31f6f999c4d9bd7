"""The wrong statement for the lock."""

import asyncio
import threading

_turn = asyncio.Lock()


class Store:
    def __init__(self):
        self._lock: asyncio.Lock = asyncio.Lock()
        self._slots = asyncio.Semaphore(3)
        self._guard = threading.RLock()
        self.items = []

    async def add(self, item):
        with self._lock:  # RC505
            self.items.append(item)

    async def take(self):
        async with self._guard:  # RC505
            return self.items.pop()

    async def limited(self):
        with self._slots:  # RC505
            print("slot")


async def once(lock: asyncio.Lock):
    with lock:  # RC505
        print("locked")
    with _turn:  # RC505
        print("turn")
