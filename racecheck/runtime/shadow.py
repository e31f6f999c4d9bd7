"""The shadow of the program's state: for each object and field, who touched it last.

Records are found by `id`, and go when their object goes, so that an id that is used again starts
anew. An object that can be referenced weakly tells us itself. One that cannot (a list, a dict, a
cell, a slotted object) is kept alive by its record, and let go at the next sweep at which nobody
else holds it.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from racecheck.runtime.sites import Access, Role, Site
from racecheck.runtime.stacks import Stack

if TYPE_CHECKING:
    from racecheck.runtime.chains import Held
    from racecheck.runtime.changes import Change
    from racecheck.runtime.spans import Spans
    from racecheck.runtime.threads import Origin, Threads, ThreadState

RECORDS: Final = 200_000
"""Objects that are remembered; beyond it the oldest are forgotten and counted."""

SWEEP: Final = 64
"""New strong records after which those that only we hold are let go."""

_ALONE: Final = 3
"""References to an object that only we hold: the table's, the loop's and getrefcount's."""


class Touch:
    """One access by one thread, the first of its kind in an epoch."""

    __slots__ = (
        "access",
        "clock",
        "held",
        "item",
        "iterates",
        "job",
        "name",
        "number",
        "origin",
        "removes",
        "role",
        "site",
        "slot",
        "stack",
        "write",
    )

    def __init__(
        self,
        thread: ThreadState,
        site: Site,
        access: Access,
        stack: Stack,
        change: Change,
    ) -> None:
        self.slot = thread.slot
        self.clock = thread.clock
        self.number = thread.number
        self.name = thread.name
        self.origin: Origin | None = thread.origin
        self.job: Origin | None = thread.job
        self.site = site
        self.access = access
        self.stack = stack
        self.write = change.write
        self.removes = change.removes
        self.iterates = change.iterates
        self.item = change.item
        self.role = Role.PLAIN if change.aside else access.role
        self.held: tuple[Held, ...] = _locks(thread)

    @property
    def weight(self) -> tuple[int, bool, bool]:
        """Which of two touches in one epoch says more about what can go wrong."""
        return _WEIGHTS[self.role], self.removes, self.iterates


_WEIGHTS: Final = {role: index for index, role in enumerate(Role)}


def _locks(thread: ThreadState) -> tuple[Held, ...]:
    chain = thread.chain
    return () if chain is None else tuple(link.lock for link in chain)


class Cell:
    """FastTrack's state of one field: the last write, and the last read of each thread since.

    Reads are kept for each thread, not merged to one epoch: it costs memory only where several
    threads read, and both sides of a race can then always be shown.
    """

    __slots__ = ("reads", "spans", "write")

    def __init__(self) -> None:
        self.spans: Spans | None = None
        self.write: Touch | None = None
        self.reads: dict[int, Touch] = {}

    def conflicts(self, thread: ThreadState, write: bool) -> Iterator[Touch]:
        """Earlier accesses that nothing orders before what `thread` does now."""
        last = self.write
        if last is not None and not thread.knows(last.slot, last.clock):
            yield last
        if write:
            for touch in self.reads.values():
                if not thread.knows(touch.slot, touch.clock):
                    yield touch

    def keep(self, touch: Touch) -> None:
        """Remember an access; in one epoch the one that says more stays."""
        if not touch.write:
            before = self.reads.get(touch.slot)
            if before is None or before.clock != touch.clock or touch.weight > before.weight:
                self.reads[touch.slot] = touch
            return
        last = self.write
        same = last is not None and last.slot == touch.slot and last.clock == touch.clock
        if last is None or not same or touch.weight > last.weight:
            self.write = touch
            # Why keep unordered reads: a later write must be checked against them as well.
            self.reads = {slot: read for slot, read in self.reads.items() if slot != touch.slot}


class Record:
    """One object: its fields, and the keys by which threads know that they recorded it."""

    __slots__ = ("fields", "keeper", "keys", "kind", "label")

    def __init__(self, keeper: Any, kind: str, label: str) -> None:
        self.keeper = keeper
        self.kind = kind
        self.label = label
        self.fields: dict[Any, Cell] = {}
        self.keys: set[Any] = set()


class Shadow:
    """All records. Every method is called under the mutex of the race observer."""

    def __init__(self, threads: Threads) -> None:
        self.records: dict[int, Record] = {}
        self.forgotten = 0
        self._threads = threads
        self._strong: dict[int, Any] = {}
        self._since = 0

    def record(self, base: Any, label: str) -> Record:
        """The record of an object, a new one if it has none."""
        found = self.records.get(id(base))
        if found is None:
            found = self._add(base, label)
        elif label and "." in label and "." not in found.label:
            found.label = label
        return found

    def _add(self, base: Any, label: str) -> Record:
        if len(self.records) >= RECORDS:
            self._forget()
        number = id(base)
        try:
            keeper: Any = weakref.ref(base, lambda _: self.drop(number))
        except TypeError:
            keeper = None
            self._strong[number] = base
            self._since += 1
        found = self.records[number] = Record(keeper, type(base).__name__, label)
        if self._since >= SWEEP:
            self.sweep()
        return found

    def drop(self, number: int) -> None:
        """The object is gone: its id may belong to another one next."""
        record = self.records.pop(number, None)
        self._strong.pop(number, None)
        if record is not None and record.keys:
            for thread in list(self._threads.alive.values()):
                thread.seen.difference_update(record.keys)

    def sweep(self) -> None:
        """Let go of objects that nobody else holds."""
        self._since = 0
        numbers = []
        for number, base in self._strong.items():
            if sys.getrefcount(base) <= _ALONE:
                numbers.append(number)
        base = None
        for number in numbers:
            self.drop(number)

    def _forget(self) -> None:
        """Bounded memory: the oldest tenth goes."""
        for number in list(self.records)[: RECORDS // 10]:
            self.forgotten += 1
            self.drop(number)

    def clear(self) -> None:
        """Nothing recorded so far can race with what comes."""
        self.records.clear()
        self._strong.clear()
        for thread in list(self._threads.alive.values()):
            thread.seen = set()
        self._since = 0
