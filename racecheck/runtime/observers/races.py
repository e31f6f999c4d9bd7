"""Data races: two accesses to one field, at least one a write, that nothing orders.

FastTrack (Flanagan and Freund, PLDI 2009) with one change for Python: since a single attribute or
container operation is atomic in CPython, an unordered pair is an error only if one side is part of
something that ought to be atomic and is not: a read-modify-write, a check that is acted upon, an
iteration. Other pairs are notes.

Backends call `record` only when a thread meets a site and object for the first time in its epoch
(between two publications of its clock); later accesses of the same kind cannot tell anything new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, Final, TypeAlias

from racecheck.core.finding import Finding
from racecheck.runtime import pristine
from racecheck.runtime.births import birth_of
from racecheck.runtime.changes import Change, changes_of, subject_of
from racecheck.runtime.clocks import Stamp
from racecheck.runtime.containers import SHAPE
from racecheck.runtime.lanes import Fields, Lane, enter, lanes, passes
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.race_report import CHECK, ITERATE, LONE, UPDATE, Race, findings
from racecheck.runtime.shadow import Cell, Record, Shadow, Spot, Touch, spot_of
from racecheck.runtime.sites import Access, Role, Site, What
from racecheck.runtime.spans import Spans, running_task
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.threads import ThreadState, threads

DEPTH: Final = 5
"""Frames kept of the stack of an access."""

Changed: TypeAlias = "tuple[Access, Change]"

PAIRS: Final = 500
"""Different pairs of places that are kept; further ones are counted."""


class Observer:
    """The observer. `found` maps what tells two races apart to (race, how often seen)."""

    def __init__(self, options: RuntimeOptions) -> None:
        self.found: dict[Any, list[Any]] = {}
        self.dropped = 0
        self.shadow = Shadow(threads)
        self._mutex = pristine.allocate_lock()
        self.task = running_task
        self.lanes = True
        """Whether the quick way may be taken; not by whoever wants to hear of each touch."""
        threads.on_gate.append(self._gate)

    def record(
        self, thread: ThreadState, site: Site, values: Sequence[Any], frame: FrameType, key: Any
    ) -> None:
        """Accesses of a site by `thread`. `key` is what its backend keeps in `thread.seen`.

        Nothing happens inside racecheck itself, nor while a finalizer interrupts us.
        """
        if thread.busy:
            return
        thread.busy = True
        try:
            with self._mutex:
                if thread.taken is not None:
                    # Why again: it was told before it was taken, and somebody may have given then.
                    self._learn(thread, thread.taken)
                    thread.taken = None
                lane = lanes.get(key)
                changes: Sequence[Changed] = ()
                if lane is None:
                    changes = tuple(_changes(thread, site, values))
                    if self.lanes and site.steady:
                        lane = self._lane(site, changes, values, key)
                if lane is None:
                    stack = capture(frame)
                    for access, change in changes:
                        self._touch(thread, site, access, change, stack, key)
                elif not self._passes(thread, lane, frame):
                    self._apart(thread, lane, frame)
                thread.seen.add(key)
        finally:
            thread.busy = False

    def _passes(self, thread: ThreadState, lane: Lane, frame: FrameType) -> bool:
        """The quick way: all that happened to the objects is in one order, and we come last."""
        slot, clock, known = thread.slot, thread.clock, thread.known
        for record, _ in lane.parts:
            if not record.ordered:
                return False
            if record.slot != slot and known.get(record.slot, 0) < record.clock:
                return False
        for record, _ in lane.parts:
            record.slot, record.clock = slot, clock
        passes.count += 1
        lane.order = passes.count
        lane.thread, lane.clock = thread, clock
        lane.chain, lane.job = thread.chain, thread.job
        if thread.number not in lane.stacks:
            lane.stacks[thread.number] = capture(frame, DEPTH)
        return True

    def _apart(self, thread: ThreadState, lane: Lane, frame: FrameType) -> None:
        """Field by field: somebody came to one of the objects whom nothing orders before us."""
        stack: Stack = ()
        for record, fields in lane.parts:
            if record.ordered:
                record.expand()
            for field, spot in fields:
                cell = record.cell(field)
                found = cell.conflicts(thread, spot.write)
                if not found and cell.renewed(thread, spot):
                    continue
                stack = stack or capture(frame, DEPTH)
                touch = Touch(thread, spot, stack)
                for other in found:
                    self._found(record, field, other, touch)
                cell.keep(touch, alone=not found)

    def _lane(
        self, site: Site, changes: Sequence[Changed], values: Sequence[Any], key: Any
    ) -> Lane | None:
        """The lane of a steady site, if the key names all the objects that it comes to."""
        fields: dict[int, dict[tuple[Any, bool], Spot]] = {}
        records = {}
        for access, change in changes:
            record = self.shadow.record(change.base, change.label)
            records[id(change.base)] = record
            spots = fields.setdefault(id(change.base), {})
            _add_spot(spots, change.field, spot_of(site, access, change))
        if not records or not records.keys() <= {*key[1:], id(values[0])}:
            return None
        lane = Lane(key, [(records[one], _fields(spots)) for one, spots in fields.items()])
        for record in records.values():
            record.keys.add(key)
            record.through[key] = lane
        enter(lane)
        return lane

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """What was found so far."""
        if not self.found:
            return iter(())
        with self._mutex:
            races = [(race, times) for race, times in self.found.values()]
        return findings(races, options)

    def begin_test(self) -> None:
        """What was touched before belongs to other tests."""
        with self._mutex:
            self.shadow.clear()

    def forget(self) -> None:
        """Findings so far have been reported."""
        with self._mutex:
            self.found.clear()

    def limits(self) -> list[str]:
        """What was forgotten or not kept."""
        said = []
        if self.shadow.forgotten:
            said.append(f"{self.shadow.forgotten:,} objects were forgotten to bound memory")
        if self.dropped:
            said.append(f"{self.dropped:,} further pairs of places were not kept")
        return said

    def _touch(
        self,
        thread: ThreadState,
        site: Site,
        access: Access,
        change: Change,
        stack: Stack,
        key: Any,
    ) -> None:
        record = self.shadow.record(change.base, change.label)
        record.keys.add(key)
        if record.ordered:
            record.expand()
        cell = record.cell(change.field)
        if access.polls:
            self._polled(thread, cell)
            return
        if access.what is What.CALL and change.field == SHAPE and change.write:
            self._handed(thread, record, change)
        touch = Touch(thread, spot_of(site, access, change), stack)
        found = cell.conflicts(thread, change.write)
        for other in found:
            self._found(record, change.field, other, touch)
        cell.keep(touch, alone=not found)
        if access.spans or cell.spans is not None:
            self._span(cell, record, change, touch)

    def _polled(self, thread: ThreadState, cell: Cell) -> None:
        """A loop has looked at a flag: what came before it was set comes before what follows.

        In CPython that is an order, however one may think of such loops. What the other thread
        knows by now is taken for what it knew then: alarms may be missed, but none is false.
        """
        last = cell.write
        if last is not None:
            setter = last.thread
            thread.learn(Stamp(last.slot, last.clock, setter.known, setter.hard))

    def _handed(self, thread: ThreadState, record: Record, change: Change) -> None:
        """A pool behind a semaphore: what is put in comes before whatever is done once it is out.

        In CPython `append` and `pop` hand over like a queue. That is taken for an order only where
        a permit is held: programs append to lists for many reasons, and would seem in order by it.
        """
        if not change.removes:
            if record.givers is None:
                record.givers = {}
            record.givers[thread.slot] = thread, thread.clock
        elif thread.permits:
            thread.taken = record
            self._learn(thread, record)

    def _learn(self, thread: ThreadState, taken: Record) -> None:
        for giver, clock in (taken.givers or {}).values():
            thread.learn(Stamp(giver.slot, clock, giver.known, giver.hard))

    def _span(self, cell: Cell, record: Record, change: Change, touch: Touch) -> None:
        """Whether another task has come into the middle of something."""
        task = self.task()
        if task is None:
            return
        if cell.spans is None:
            cell.spans = Spans()
        touch.name = f"task {task.get_name()}"
        pair = cell.spans.met(task, touch)
        if pair is not None:
            kind = UPDATE if touch.role is Role.UPDATE else CHECK
            subject = subject_of(record.label, change.field)
            self._add(Race(kind, subject, *pair, tasks=True, made=_made(record)))

    def _found(self, record: Record, field: Any, other: Touch, touch: Touch) -> None:
        kind = classify(field, other, touch)
        subject = subject_of(record.label, touch.spot.item or other.spot.item or field)
        self._add(Race(kind, subject, other, touch, made=_made(record)))

    def _add(self, race: Race) -> None:
        sides = sorted((_side(race.first), _side(race.second)))
        identity = (race.kind, race.subject, race.tasks, *sides)
        known = self.found.get(identity)
        race.first.shared = race.second.shared = True
        if known is not None:
            known[1] += 1
        elif len(self.found) < PAIRS:
            self.found[identity] = [race, 1]
        else:
            self.dropped += 1

    def _gate(self, is_open: bool) -> None:
        if not is_open:
            with self._mutex:
                self.shadow.clear()


def _changes(thread: ThreadState, site: Site, values: Sequence[Any]) -> Iterator[Changed]:
    for access in site.accesses:
        for change in changes_of(access, site, values, thread.absent):
            yield access, change


def _made(record: Record) -> tuple[str, Stack]:
    return record.kind, birth_of(record.number, record.kind)


def _add_spot(spots: dict[tuple[Any, bool], Spot], field: Any, spot: Spot) -> None:
    """Of what one site reads, and of what it writes in one field, keep what says most."""
    before = spots.get((field, spot.write))
    if before is None or spot.weight > before.weight:
        spots[field, spot.write] = spot


def _fields(spots: Mapping[tuple[Any, bool], Spot]) -> Fields:
    """Without plain reads of what is written as well: the write conflicts with all they do."""
    return tuple(
        (field, spot)
        for (field, write), spot in spots.items()
        if write or spot.role is not Role.PLAIN or (field, True) not in spots
    )


def _side(touch: Touch) -> tuple[str, int, bool]:
    return touch.site.path, touch.access.line, touch.write


def classify(field: Any, first: Touch, second: Touch) -> str:
    """What is wrong with the pair."""
    for one, other in ((first, second), (second, first)):
        if not other.write:
            continue
        role = one.role
        if one.spot.iterates and field == SHAPE:
            return ITERATE
        if role is Role.UPDATE:
            return UPDATE
        if role is not Role.PLAIN and not _harmless(one, other):
            return CHECK
    return LONE


def _harmless(one: Touch, other: Touch) -> bool:
    """What is only used after its guard is harmed by nothing but taking it away.

    A check that is acted upon at once is not harmed by a store of what it asked for.
    """
    if one.access.asked and all(
        asked.holds(stored) for stored in other.access.stores for asked in one.access.asked
    ):
        return bool(other.access.stores)
    return one.role in (Role.USE, Role.GUARD) and not other.spot.removes
