"""What we know of an object of the program, beside it: nothing of ours shows in `vars` or a pickle.

A table is keyed by id; a weak reference takes the entry away with the object, so an id that is used
again finds nothing, and no object lives longer because we know it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, Final, Generic, TypeVar
from weakref import ref

from racecheck.runtime import pristine
from racecheck.runtime.clocks import SyncClock
from racecheck.runtime.locks import INTERNALS, MADE_DEPTH
from racecheck.runtime.stacks import Stack, capture

T = TypeVar("T")


class _Entry(ref):  # type: ignore[type-arg]
    """A weak reference that carries what is known."""

    __slots__ = ("key", "value")
    key: int
    value: Any


class SideTable(Generic[T]):
    """One kind of knowledge about objects. All steps are single ones on a dictionary: no lock."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._entries: dict[int, _Entry] = {}
        self._forget = self._gone
        tables.append(self)

    def of(self, owner: Any) -> T:
        """What is known of `owner`, made if there is nothing yet."""
        entry = self._entries.get(id(owner))
        if entry is not None and entry() is owner:
            found: T = entry.value
            return found
        return self._add(owner, self._make(owner))

    def get(self, owner: Any) -> T | None:
        """What is known of `owner`, if anything."""
        entry = self._entries.get(id(owner))
        return entry.value if entry is not None and entry() is owner else None

    def set(self, owner: Any, value: T) -> None:
        """Know this of `owner`, whatever was known before."""
        self._entries.pop(id(owner), None)
        self._add(owner, value)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def _add(self, owner: Any, value: T) -> T:
        entry = _Entry(owner, self._forget)
        entry.key = id(owner)
        entry.value = value
        kept = self._entries.setdefault(entry.key, entry)
        if kept() is not owner:
            self._entries[entry.key] = kept = entry
        found: T = kept.value
        return found

    def _gone(self, entry: _Entry) -> None:
        now = self._entries.pop(entry.key, None)
        if now is not None and now is not entry:
            self._entries[entry.key] = now


tables: Final[list[SideTable[Any]]] = []

clocks: Final = SideTable[SyncClock](lambda _: SyncClock())
"""Objects with one clock: events, queues that are joined, futures."""

inner: Final = SideTable[bool](lambda _: False)
"""Events and semaphores that are details of a primitive modelled as a whole: True for those."""

births: Final = SideTable[Stack](lambda _: ())
"""Where the program has made events, semaphores and barriers: their names are read there."""


def forget() -> None:
    """A new session begins: what was known belongs to threads of the last one."""
    forget_threads()
    inner.clear()
    births.clear()


def forget_threads() -> None:
    """The same for a new run within a session: objects stay what they are."""
    for table in tables:
        if table is not inner and table is not births:
            table.clear()


_PASSED: Final = ("BoundedSemaphore.__init__", "Timer.__init__")


def note_maker(made: Any, frame: FrameType) -> None:
    """`made` is being made in `frame`: remember where, and whether by a modelled primitive."""
    outer: FrameType | None = frame
    while outer is not None and outer.f_code.co_qualname in _PASSED:
        outer = outer.f_back
    if outer is not None and outer.f_globals.get("__name__") in INTERNALS:
        inner.set(made, True)
    else:
        births.set(made, capture(outer, MADE_DEPTH))


def is_raw(lock: Any) -> bool:
    """Whether a lock is one that we do not see: made for, or inside of, a modelled primitive."""
    return type(lock) is pristine.LockType or type(lock) is pristine.RLockType
