"""Waits that trust the first wake-up."""

import asyncio
import threading
from collections import deque


class Channel:
    def __init__(self):
        self._lock = threading.Lock()
        self._filled = threading.Condition(self._lock)
        self._items = deque()
        self._busy = False

    def send(self, item):
        with self._lock:
            self._items.append(item)
            self._filled.notify_all()

    def receive(self):
        with self._lock:
            if len(self._items) == 0:
                self._filled.wait()  # RC316
            return self._items.popleft()

    def enter(self):
        with self._filled:
            if self._busy:
                self._filled.wait()  # RC316
            self._busy = True

    def leave(self):
        with self._filled:
            self._busy = False
            self._filled.notify()


class Turnstile:
    def __init__(self):
        self._cond = asyncio.Condition()
        self._tokens = 0

    async def add(self):
        async with self._cond:
            self._tokens += 1
            self._cond.notify()

    async def take(self):
        async with self._cond:
            if not self._tokens:
                await self._cond.wait()  # RC316
            self._tokens -= 1
