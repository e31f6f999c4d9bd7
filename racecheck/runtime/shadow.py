"""The shadow of the program's state: for each object and field, who touched it last.

Records are found by `id`, and go when their object goes, so that an id that is used again starts
anew. An object that can be referenced weakly tells us itself. One that cannot (a list, a dict, a
cell, a slotted object) is kept alive by its record, and let go at the next sweep at which nobody
else holds it.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, Final

from racecheck.runtime.lanes import NOBODY, Lane, remove, remove_all
from racecheck.runtime.resolve import plain, through
from racecheck.runtime.sites import Access, Role, Site
from racecheck.runtime.stacks import Stack

if TYPE_CHECKING:
    from racecheck.runtime.chains import Held
    from racecheck.runtime.changes import Change
    from racecheck.runtime.spans import Spans
    from racecheck.runtime.threads import Origin, Threads, ThreadState

RECORDS: Final = 100_000
"""Objects that are remembered; beyond it the oldest are forgotten and counted."""

SWEEP: Final = 64
"""New strong records after which those that only we hold are let go."""

_ALONE: Final = 3
"""References to an object that only we hold: the table's, the loop's and getrefcount's."""


class Spot:
    """What is the same each time an access has a certain effect; made once for each site."""

    __slots__ = ("access", "item", "iterates", "removes", "role", "site", "weight", "write")

    def __init__(self, site: Site, access: Access, change: Change) -> None:
        self.site = site
        self.access = access
        self.write = change.write
        self.removes = change.removes
        self.iterates = change.iterates
        self.item = change.item
        self.role = Role.PLAIN if change.aside else access.role
        self.weight = _WEIGHTS[self.role], self.removes, self.iterates
        """Which of two touches in one epoch says more about what can go wrong."""


_WEIGHTS: Final = {role: index for index, role in enumerate(Role)}


def spot_of(site: Site, access: Access, change: Change) -> Spot:
    """The spot of an access of `site` with this effect."""
    key = id(access), change.write, change.removes, change.iterates, change.aside, change.item
    found: Spot | None = site.spots.get(key)
    if found is None:
        found = site.spots[key] = Spot(site, access, change)
    return found


class Touch:
    """One access by one thread.

    `shared`: part of a race that was found, so it stays as it is. Else it is renewed when its
    thread comes by the same spot again in a later epoch: then `stack` is that of the first time.
    """

    __slots__ = ("chain", "clock", "job", "name", "shared", "slot", "spot", "stack", "thread")

    def __init__(self, thread: ThreadState, spot: Spot, stack: Stack) -> None:
        self.slot = thread.slot
        self.clock = thread.clock
        self.thread = thread
        self.name = thread.name
        self.job: Origin | None = thread.job
        self.chain = thread.chain
        self.stack = stack
        self.spot = spot
        self.shared = False

    @classmethod
    def of(cls, lane: Lane, thread: ThreadState, spot: Spot) -> Touch:
        """The last access of a lane, by `thread`."""
        touch = cls(thread, spot, lane.stacks[thread.number])
        touch.clock, touch.job, touch.chain = lane.clock, lane.job, lane.chain
        return touch

    def renew(self, thread: ThreadState) -> None:
        """The same again, now."""
        self.clock = thread.clock
        self.chain = thread.chain
        self.job = thread.job

    @property
    def site(self) -> Site:
        """Where it happened."""
        return self.spot.site

    @property
    def access(self) -> Access:
        """What was done, as the source says."""
        return self.spot.access

    @property
    def role(self) -> Role:
        """Its part in something that ought to be atomic."""
        return self.spot.role

    @property
    def write(self) -> bool:
        """Whether the field changed."""
        return self.spot.write

    @property
    def held(self) -> tuple[Held, ...]:
        """The locks that were held."""
        return () if self.chain is None else tuple(link.lock for link in self.chain)


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

    def conflicts(self, thread: ThreadState, write: bool) -> list[Touch]:
        """Earlier accesses that nothing orders before what `thread` does now."""
        slot, known = thread.slot, thread.known
        last, found = self.write, []
        if last is not None and last.slot != slot and known.get(last.slot, 0) < last.clock:
            found.append(last)
        if write and self.reads:
            for touch in self.reads.values():
                if touch.slot != slot and known.get(touch.slot, 0) < touch.clock:
                    found.append(touch)
        return found

    def renewed(self, thread: ThreadState, spot: Spot) -> bool:
        """Whether this very access by this thread is what is remembered; if so, it is renewed."""
        touch = self.write if spot.write else self.reads.get(thread.slot)
        if touch is None or touch.shared or touch.spot is not spot or touch.thread is not thread:
            return False
        touch.renew(thread)
        return True

    def keep(self, touch: Touch, *, alone: bool = False) -> None:
        """Remember an access; in one epoch the one that says more stays.

        `alone`: all others are ordered before it, so whoever is ordered after it is after them.
        """
        if not touch.spot.write:
            before = self.reads.get(touch.slot)
            if before is None or _says_more(touch, before):
                self.reads[touch.slot] = touch
            return
        last = self.write
        if last is None or _says_more(touch, last):
            self.write = touch
            if self.reads:
                kept = {} if alone else self.reads
                self.reads = {slot: r for slot, r in kept.items() if slot != touch.slot}


def _says_more(touch: Touch, before: Touch) -> bool:
    same = before.slot == touch.slot and before.clock == touch.clock
    return not same or touch.spot.weight > before.spot.weight


class Record:
    """One object: its fields, and the keys by which threads know that they recorded it.

    `givers`: by slot, who put something into it, at which clock. `through`: the lanes that touch
    it. `ordered`: all that happened to it so far is in one order, the last by `slot` at `clock`,
    and stands in the lanes; else it stands in the cells, and `slot` is nobody's.
    """

    __slots__ = (
        *("clock", "fields", "givers", "keeper", "keys", "kind", "label"),
        *("number", "ordered", "slot", "through"),
    )

    def __init__(self, number: int, keeper: Any, kind: str, label: str) -> None:
        self.number = number
        self.keeper = keeper
        self.kind = kind
        self.label = label
        self.fields: dict[Any, Cell] = {}
        self.givers: dict[int, tuple[ThreadState, int]] | None = None
        self.keys: set[Any] = set()
        self.through: dict[Any, Lane] = {}
        self.ordered = True
        self.slot = 0
        self.clock = 0

    def cell(self, field: Any) -> Cell:
        """The cell of a field."""
        found = self.fields.get(field)
        if found is None:
            found = self.fields[field] = Cell()
        return found

    def expand(self) -> None:
        """From now on look at each field by itself."""
        self.ordered = False
        self.slot = NOBODY.slot
        passed = [lane for lane in self.through.values() if lane.thread is not None]
        for lane in sorted(passed, key=lambda one: one.order):
            assert lane.thread is not None
            for field, spot in lane.fields_of(self):
                self.cell(field).keep(Touch.of(lane, lane.thread, spot), alone=True)


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
        found = self.records[number] = Record(number, keeper, type(base).__name__, label)
        if self._since >= SWEEP:
            self.sweep()
        return found

    def drop(self, number: int) -> None:
        """The object is gone: its id may belong to another one next."""
        record = self.records.pop(number, None)
        self._strong.pop(number, None)
        if record is None:
            return
        for lane in record.through.values():
            remove(lane.key)
            lane.leave(record)
        # Why: a cycle would wait for the garbage collector, whose counts programs can see.
        record.through.clear()
        if record.keys:
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
        remove_all()
        plain.clear()
        through.clear()
        for thread in list(self._threads.alive.values()):
            thread.seen = set()
        self._since = 0
