"""Right, or not known."""

import asyncio
import threading


class Base:
    def __init__(self):
        self._lock = threading.Lock()

    def add(self):
        with self._lock:
            print("added")


class Twin(Base):
    """The asyncio twin puts a lock of its own kind there."""

    def __init__(self):
        super().__init__()
        self._lock = asyncio.Lock()

    async def add_later(self):
        async with self._lock:
            print("added")


class Given:
    def __init__(self, lock):
        self._lock = lock
        self._turn = asyncio.Lock()
        self._guard = threading.Lock()

    async def run(self):
        async with self._lock, self._turn:
            print("run")
        with self._guard:
            print("run")


_turn = asyncio.Lock()


def test_error(pytest):
    with pytest.raises(TypeError):
        with _turn:
            print("never")
