"""Thread locks across awaits."""

import asyncio
import contextlib
import threading

_guard = threading.Lock()
_slots = threading.Semaphore(3)


@contextlib.contextmanager
def guarded():
    with _guard:
        yield


class Account:
    def __init__(self):
        self._lock = threading.RLock()
        self._changed = threading.Condition()
        self.total = 0

    async def add(self, bank, amount):
        with self._lock:  # RC503
            if await bank.confirm(amount):
                self.total += amount

    async def drain(self, rows):
        with self._changed:  # RC503
            async for row in rows:
                self.total += row

    async def by_hand(self, bank):
        self._lock.acquire()  # RC503
        try:
            await bank.confirm(0)
        finally:
            self._lock.release()


async def fetch(session, url):
    with _slots:  # RC503
        async with session.get(url) as answer:
            return await answer.text()


async def through_helper():
    with guarded():  # RC503
        await asyncio.sleep(1)
