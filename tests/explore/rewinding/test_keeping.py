"""What a run changes is put back before the next one, whatever keeps it."""

from __future__ import annotations

from typing import Any

import pytest

KEEPERS = """
    import asyncio
    import queue
    import threading
    from collections import Counter, OrderedDict, defaultdict, deque
    from dataclasses import dataclass

    @dataclass(slots=True)
    class Slotted:
        count: int = 0

    class Named(dict):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def clear(self):
            raise NotImplementedError

    class Later:
        __slots__ = ("value",)

    LISTS = defaultdict(list)
    COUNTS = Counter({"b": 2})
    ORDERED = OrderedDict([("b", 2), ("a", 1)])
    NAMED = Named("first")
    BYTES = bytearray(b"ab")
    LINE = deque([1, 2], maxlen=2)
    QUEUE = queue.Queue()
    STACK = queue.LifoQueue()
    SIMPLE = queue.SimpleQueue()
    SIMPLE.put(1)
    LOCAL = threading.local()
    SLOTTED = Slotted()
    LATER = Later()
    LOCK = asyncio.Lock()
    ITEMS = asyncio.Queue()
    PERMITS = threading.Semaphore(2)

    def lists():
        assert not LISTS
        LISTS["x"].append(1)

    def counts():
        assert COUNTS == {"b": 2}
        COUNTS["b"] += 1

    def ordered():
        assert list(ORDERED) == ["b", "a"]
        ORDERED.move_to_end("b")

    def named():
        assert (NAMED, NAMED.name) == ({}, "first")
        NAMED["x"] = 1
        NAMED.name = "second"

    def bytes_():
        assert BYTES == b"ab"
        BYTES.append(0)

    def line():
        assert list(LINE) == [1, 2]
        LINE.append(3)

    def queues():
        assert (QUEUE.qsize(), QUEUE.unfinished_tasks, STACK.qsize()) == (0, 0, 0)
        QUEUE.put(1)
        STACK.put(1)

    def simple():
        assert SIMPLE.qsize() == 1
        assert SIMPLE.get() == 1
        SIMPLE.put(2)
        SIMPLE.put(3)

    def local():
        assert not hasattr(LOCAL, "value")
        LOCAL.value = 1

    def slots():
        assert SLOTTED.count == 0
        assert not hasattr(LATER, "value")
        SLOTTED.count += 1
        LATER.value = 1

    def permits():
        assert PERMITS.acquire(timeout=1)

    def lock_of_a_loop():
        async def use():
            async with LOCK:
                await asyncio.sleep(0)

        async def both():
            await asyncio.gather(use(), use())

        asyncio.run(both())

    def queue_of_a_loop():
        async def both():
            got = asyncio.ensure_future(ITEMS.get())
            await asyncio.sleep(0)
            await ITEMS.put(1)
            assert await got == 1

        asyncio.run(both())
"""

NAMES = (
    *("lists", "counts", "ordered", "named", "bytes_", "line", "queues", "simple", "local"),
    *("slots", "permits", "lock_of_a_loop", "queue_of_a_loop"),
)


@pytest.mark.parametrize("name", NAMES)
def test_each_run_begins_with_what_was_noted(bench: Any, name: str) -> None:
    body = getattr(bench.load(KEEPERS), name)
    assert [bench.once(body).failures for _ in range(4)] == [()] * 4
