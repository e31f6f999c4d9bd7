"""multiprocessing's locks and queues, as far as threads of this process meet at them.

Conditions, events and barriers are made of these semaphores, so their edges follow. Inside a queue
the semaphores are silent: an item carries no identity through a pipe, so the queue has one clock.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from racecheck.runtime.clocks import SyncClock
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.meeting import clocks
from racecheck.runtime.threads import current

Original = Callable[..., Any]


def install(patches: Patches) -> None:
    """Replace them once they are loaded."""
    name = "multiprocessing"
    patches.when_imported(f"{name}.synchronize", lambda module: _locks(patches, module))
    patches.when_imported(f"{name}.queues", lambda module: _queues(patches, module))


def _locks(patches: Patches, module: ModuleType) -> None:
    patches.method(module.SemLock, "_make_methods", _made)
    patches.method(module.SemLock, "__enter__", _entered)
    patches.method(module.SemLock, "__exit__", _left)


def _queues(patches: Patches, module: ModuleType) -> None:
    for owner in (module.Queue, module.SimpleQueue):
        patches.method(owner, "put", _put)
        patches.method(owner, "get", _get)
    patches.method(module.JoinableQueue, "put", _put)


class Acquire:
    """`acquire` of one semaphore. It knows the clock and not the semaphore: no cycle."""

    __slots__ = ("__wrapped__", "_clock")

    def __init__(self, raw: Original, clock: SyncClock) -> None:
        self.__wrapped__ = raw
        self._clock = clock

    def __call__(self, *arguments: Any, **named: Any) -> bool:
        """Acquire it, and learn of those who released it."""
        got: bool = self.__wrapped__(*arguments, **named)
        if got and not current().muted:
            self._clock.acquire(current())
        return got


class Release(Acquire):
    """`release` of one semaphore."""

    __slots__ = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Release it, for those who acquire it later."""
        if not current().muted:
            self._clock.release(current())
        return self.__wrapped__(*arguments, **named)


def _made(original: Original) -> Original:
    def _make_methods(self: Any) -> None:
        original(self)
        clock = clocks.of(self)
        self.acquire = Acquire(self.acquire, clock)
        self.release = Release(self.release, clock)

    return _make_methods


def _entered(original: Original) -> Original:
    def __enter__(self: Any) -> Any:  # noqa: N807
        got = original(self)
        if not current().muted:
            clocks.of(self).acquire(current())
        return got

    return __enter__


def _left(original: Original) -> Original:
    def __exit__(self: Any, *args: Any) -> Any:  # noqa: N807
        if not current().muted:
            clocks.of(self).release(current())
        return original(self, *args)

    return __exit__


def _put(original: Original) -> Original:
    def put(self: Any, obj: Any, *arguments: Any, **named: Any) -> None:
        thread = current()
        clocks.of(self).release(thread)
        thread.muted += 1
        try:
            original(self, obj, *arguments, **named)
        finally:
            thread.muted -= 1

    return put


def _get(original: Original) -> Original:
    def get(self: Any, *arguments: Any, **named: Any) -> Any:
        thread = current()
        thread.muted += 1
        try:
            item = original(self, *arguments, **named)
        finally:
            thread.muted -= 1
        clocks.of(self).acquire(thread)
        return item

    return get
