"""Queue, LifoQueue, PriorityQueue and SimpleQueue: an item carries the clock of whoever put it.

The clock of a queue as a whole would order producers that have nothing to do with each other, and
its mutex would order everybody; so inside these methods the mutex is silent (`ThreadState.muted`).
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.clocks import Stamp, SyncClock
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.locks import INTERNALS
from racecheck.runtime.meeting import SideTable
from racecheck.runtime.threads import ThreadState, current
from racecheck.runtime.waits import SLICE, Abandoned, Wait, control

Original = Callable[..., Any]

LEFT: Final = 4096
"""Items whose clocks are kept apart. With more of them somebody takes items out by another way, or
the queue is so full that it tells its producers apart no longer."""

_SHUT: Final = getattr(queue, "ShutDown", ())
"""Raised by a queue that was shut down (3.13)."""


def install(patches: Patches) -> None:
    """Replace the methods of the Python classes, and the C class by name."""
    for name, make in (("put", _put), ("get", _get), ("join", _join), ("task_done", _task_done)):
        patches.method(queue.Queue, name, make)
    for name in ("qsize", "empty", "full"):
        patches.method(queue.Queue, name, _muted)
    if hasattr(queue.Queue, "shutdown"):
        patches.method(queue.Queue, "shutdown", _shutdown)
    patches.everywhere(pristine.SimpleQueueType, SimpleQueue)
    patches.adopt({_Raw: SimpleQueue}, {_Raw: lambda raw, _: SimpleQueue._around(raw)})


class Items:
    """Who put what: stamps by the identity of the item, until somebody gets it.

    Equal identities (small numbers, None) are joined: whoever gets one of them learns of all. An
    item that nobody is known to have put (the program transforms it) stands for all that were.
    """

    __slots__ = ("_all", "_by_id", "_left")

    def __init__(self) -> None:
        self._by_id: dict[int, list[Stamp]] = {}
        self._all = SyncClock()
        self._left = 0

    def put(self, item: Any, stamp: Stamp) -> None:
        """To be called before the item can be got."""
        self._all.add(stamp)
        self._by_id.setdefault(id(item), []).append(stamp)
        self._left += 1
        if self._left > LEFT:
            self._by_id, self._left = {}, 0

    def withdrawn(self, item: Any, stamp: Stamp) -> None:
        """It was not put after all."""
        stamps = self._by_id.get(id(item), [])
        with suppress(ValueError):
            stamps.remove(stamp)
            self._dropped(id(item), stamps)

    def got(self, item: Any, thread: ThreadState) -> None:
        """To be called by whoever got the item."""
        stamps = self._by_id.get(id(item))
        if not stamps:
            self._all.acquire(thread)
            return
        for stamp in stamps.copy():
            thread.learn(stamp)
        with suppress(IndexError):
            stamps.pop(0)
            self._dropped(id(item), stamps)

    def _dropped(self, key: int, stamps: list[Stamp]) -> None:
        """Two threads at once may lose a stamp here; then `_all` answers for it."""
        self._left -= 1
        if not stamps:
            self._by_id.pop(key, None)


class Channel:
    """What is known of one queue. `room`: who made room in a bounded one; `done`: task_done."""

    __slots__ = ("closed", "done", "items", "puts", "room")

    def __init__(self) -> None:
        self.items = Items()
        self.done = SyncClock()
        self.room = SyncClock()
        self.closed = SyncClock()
        self.puts = count(1)


channels: Final = SideTable[Channel](lambda _: Channel())


def _inside(thread: ThreadState, intent: tuple[str, Any], call: Callable[[], Any]) -> Any:
    """Call a method of the original: its mutex is silent, its wait is one for `intent`."""
    outer, thread.intent = thread.intent, intent
    thread.muted += 1
    try:
        return call()
    finally:
        thread.muted -= 1
        thread.intent = outer


def _put(original: Original) -> Original:
    def put(self: Any, item: Any, block: bool = True, timeout: float | None = None) -> None:
        thread, channel = current(), channels.of(self)
        stamp = thread.publish()
        channel.items.put(item, stamp)
        hooks.gave(thread, "queue-get", self)
        outer, thread.intent = thread.intent, ("queue-put", self)
        thread.muted += 1
        try:
            original(self, item, block, timeout)
        except BaseException as error:
            channel.items.withdrawn(item, stamp)
            if isinstance(error, _SHUT):
                channel.closed.acquire(thread)
            raise
        finally:
            thread.muted -= 1
            thread.intent = outer
        if self.maxsize > 0 and next(channel.puts) > self.maxsize:
            channel.room.acquire(thread)

    return put


def _get(original: Original) -> Original:
    def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
        thread, channel = current(), channels.of(self)
        if self.maxsize > 0:
            channel.room.release(thread)
        if thread.chain is not None and block and timeout is None:
            hooks.awaits(thread, "queue-get", self)
        outer, thread.intent = thread.intent, ("queue-get", self)
        thread.muted += 1
        try:
            item = original(self, block, timeout)
        except BaseException as error:
            if isinstance(error, _SHUT):
                channel.closed.acquire(thread)
            raise
        finally:
            thread.muted -= 1
            thread.intent = outer
        channel.items.got(item, thread)
        return item

    return get


def _join(original: Original) -> Original:
    def join(self: Any) -> None:
        thread, channel = current(), channels.of(self)
        _inside(thread, ("queue-join", self), lambda: original(self))
        channel.done.acquire(thread)
        channel.closed.acquire(thread)

    return join


def _task_done(original: Original) -> Original:
    def task_done(self: Any) -> None:
        thread = current()
        channels.of(self).done.release(thread)
        thread.muted += 1
        try:
            original(self)
        finally:
            thread.muted -= 1

    return task_done


def _muted(original: Original) -> Original:
    def asked(self: Any) -> Any:
        thread = current()
        thread.muted += 1
        try:
            return original(self)
        finally:
            thread.muted -= 1

    return asked


def _shutdown(original: Original) -> Original:
    def shutdown(self: Any, immediate: bool = False) -> None:
        thread = current()
        channels.of(self).closed.release(thread)
        thread.muted += 1
        try:
            original(self, immediate)
        finally:
            thread.muted -= 1

    return shutdown


_Raw: Any = pristine.SimpleQueueType


class _Either(type(_Raw)):  # type: ignore[misc]
    """Queues made before we came, or for modelled primitives, are instances as well."""

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls, instance) or (
            cls is SimpleQueue and type(instance) is _Raw
        )


class SimpleQueue(_Raw, metaclass=_Either):  # type: ignore[misc]
    """`queue.SimpleQueue` with a clock for each item."""

    __slots__ = ("_items", "_raw")
    _items: Items
    _raw: Any

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """A queue; a raw one for modules whose queues are details."""
        frame = pristine.getframe(1)
        inner = frame.f_globals.get("__name__") in INTERNALS
        if cls is SimpleQueue and (inner or arguments or named):
            return _Raw(*arguments, **named)
        return cls._around(_Raw())

    @classmethod
    def _around(cls, raw: Any) -> Any:
        """Around an original that exists."""
        self = _Raw.__new__(cls)
        self._items = Items()
        self._raw = raw
        return self

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """As `queue.SimpleQueue.put`."""
        thread = current()
        self._items.put(item, thread.publish())
        hooks.gave(thread, "queue-get", self)
        self._raw.put(item, block, timeout)

    def put_nowait(self, item: Any) -> None:
        """As `queue.SimpleQueue.put_nowait`."""
        thread = current()
        self._items.put(item, thread.publish())
        hooks.gave(thread, "queue-get", self)
        self._raw.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """As `queue.SimpleQueue.get`."""
        thread = current()
        patient = timeout is None or (isinstance(timeout, (int, float)) and timeout > 0)
        # Why not always ours: the original knows best what it complains about.
        waits = block and patient
        item = self._waited(thread, timeout) if waits else self._raw.get(block, timeout)
        self._items.got(item, thread)
        return item

    def get_nowait(self) -> Any:
        """As `queue.SimpleQueue.get_nowait`."""
        return self.get(False)

    def _waited(self, thread: ThreadState, timeout: float | None) -> Any:
        if thread.chain is not None and timeout is None:
            hooks.awaits(thread, "queue-get", self)
        with suppress(queue.Empty):
            return self._raw.get(False)
        with Wait.of(thread, "queue-get", self, timeout, pristine.getframe(2)):
            while control.wait is not None:
                ready = control.wait(lambda: self._raw.qsize() > 0, timeout)
                if ready is None:
                    break
                if not ready:
                    raise queue.Empty
                with suppress(queue.Empty):
                    return self._raw.get(False)
            if timeout is not None:
                return self._raw.get(True, timeout)
            while True:
                with suppress(queue.Empty):
                    return self._raw.get(True, SLICE)
                if thread.abandoned:
                    raise Abandoned(f"{thread.name} waited for ever; racecheck has reported it")

    def qsize(self) -> int:
        """As `queue.SimpleQueue.qsize`."""
        return int(self._raw.qsize())

    def empty(self) -> bool:
        """As `queue.SimpleQueue.empty`."""
        return bool(self._raw.empty())

    def __reduce_ex__(self, protocol: object) -> Any:
        name = "_queue.SimpleQueue" if type(self) is SimpleQueue else type(self).__name__
        raise TypeError(f"cannot pickle '{name}' object")


SimpleQueue.__module__ = "_queue"
