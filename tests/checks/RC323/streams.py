"""Generators that keep a lock while their consumer works."""

import asyncio
import threading

_lock = threading.RLock()
_rows = []


def rows():
    with _lock:
        yield from _rows  # RC323


def pages(size):
    start = 0
    _lock.acquire()
    try:
        while start < len(_rows):
            yield _rows[start : start + size]  # RC323
            start += size
    finally:
        _lock.release()


class Topic:
    def __init__(self):
        self._changed = threading.Condition()
        self._turn = asyncio.Lock()
        self._messages = []

    def __iter__(self):
        while True:
            with self._changed:
                while not self._messages:
                    self._changed.wait()
                yield self._messages.pop(0)  # RC323

    async def replay(self):
        async with self._turn:
            for message in self._messages:
                yield message  # RC323
