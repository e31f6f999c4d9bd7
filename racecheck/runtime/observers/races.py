"""Data races: two accesses to one field, at least one a write, that nothing orders.

FastTrack (Flanagan and Freund, PLDI 2009) with one change for Python: since a single attribute or
container operation is atomic in CPython, an unordered pair is an error only if one side is part of
something that ought to be atomic and is not: a read-modify-write, a check that is acted upon, an
iteration. Other pairs are notes.

Backends call `record` only when a thread meets a site and object for the first time in its epoch
(between two publications of its clock); later accesses of the same kind cannot tell anything new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from racecheck.core.finding import Finding
from racecheck.runtime import pristine
from racecheck.runtime.changes import Change, changes_of, subject_of
from racecheck.runtime.containers import SHAPE
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.race_report import CHECK, ITERATE, LONE, UPDATE, Race, findings
from racecheck.runtime.shadow import Cell, Shadow, Touch
from racecheck.runtime.sites import Access, Role, Site
from racecheck.runtime.spans import Spans, running_task
from racecheck.runtime.stacks import Stack
from racecheck.runtime.threads import ThreadState, threads

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
        threads.on_gate.append(self._gate)

    def record(
        self, thread: ThreadState, site: Site, values: Sequence[Any], stack: Stack, key: Any
    ) -> None:
        """Accesses of a site by `thread`. `key` is what its backend keeps in `thread.seen`.

        Nothing happens inside racecheck itself, nor while a finalizer interrupts us.
        """
        if thread.busy:
            return
        thread.busy = True
        try:
            changes = [
                (access, change)
                for access in site.accesses
                for change in changes_of(access, site, values, thread.absent)
            ]
            with self._mutex:
                for access, change in changes:
                    self._touch(thread, site, access, change, stack, key)
                thread.seen.add(key)
        finally:
            thread.busy = False

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """What was found so far."""
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
        cell = record.fields.get(change.field)
        if cell is None:
            cell = record.fields[change.field] = Cell()
        touch = Touch(thread, site, access, stack, change)
        for other in cell.conflicts(thread, change.write):
            self._found(record.label or change.label, change, other, touch)
        cell.keep(touch)
        if access.spans or cell.spans is not None:
            self._span(cell, record.label or change.label, change, touch)

    def _span(self, cell: Cell, label: str, change: Change, touch: Touch) -> None:
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
            self._add(Race(kind, subject_of(label, change.field), *pair, tasks=True))

    def _found(self, label: str, change: Change, other: Touch, touch: Touch) -> None:
        kind = classify(change.field, other, touch)
        subject = subject_of(label, change.item or other.item or change.field)
        self._add(Race(kind, subject, other, touch))

    def _add(self, race: Race) -> None:
        sides = sorted((_side(race.first), _side(race.second)))
        identity = (race.kind, race.subject, race.tasks, *sides)
        known = self.found.get(identity)
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


def _side(touch: Touch) -> tuple[str, int, bool]:
    return touch.site.path, touch.access.line, touch.write


def classify(field: Any, first: Touch, second: Touch) -> str:
    """What is wrong with the pair."""
    for one, other in ((first, second), (second, first)):
        if not other.write:
            continue
        role = one.role
        if one.iterates and field == SHAPE:
            return ITERATE
        if role is Role.UPDATE:
            return UPDATE
        if role is not Role.PLAIN and not _harmless(one, other):
            return CHECK
    return LONE


def _harmless(one: Touch, other: Touch) -> bool:
    """What is only used after its guard is harmed by nothing but taking it away."""
    return one.role in (Role.USE, Role.GUARD) and not other.removes
