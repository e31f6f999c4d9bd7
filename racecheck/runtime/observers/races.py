"""Data races: two accesses to one field, at least one a write, that nothing orders.

FastTrack (Flanagan and Freund, PLDI 2009) with one change for Python: since a single attribute or
container operation is atomic in CPython, an unordered pair is an error only if one side is part of
something that ought to be atomic and is not: a read-modify-write, a check that is acted upon, an
iteration. Other pairs are notes.

Backends call `record` only when a thread meets a site and object for the first time in its epoch
(between two publications of its clock); later accesses of the same kind cannot tell anything new.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from racecheck.runtime import pristine
from racecheck.runtime.containers import SHAPE, effects
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.resolve import MISSING, follow, home, key_of
from racecheck.runtime.shadow import Cell, Shadow, Touch
from racecheck.runtime.sites import CELL, MODULE, Access, Mode, Role, Site, What
from racecheck.runtime.stacks import Stack
from racecheck.runtime.threads import ThreadState, threads

PAIRS: Final = 500
"""Different pairs of places that are kept; further ones are counted."""

UPDATE: Final = "update"
CHECK: Final = "check"
ITERATE: Final = "iterate"
LONE: Final = "lone"


class Race(NamedTuple):
    """Two unordered touches of one field. `kind`: update, check, iterate; lone is a note."""

    kind: str
    subject: str
    first: Touch
    second: Touch
    made: Any = None


class _Change(NamedTuple):
    base: Any
    label: str
    field: Any
    write: bool
    removes: bool
    iterates: bool


class Observer:
    """The observer. `found` maps what tells two races apart to (race, how often seen)."""

    def __init__(self, options: RuntimeOptions) -> None:
        self.found: dict[Any, list[Any]] = {}
        self.dropped = 0
        self.shadow = Shadow(threads)
        self._mutex = pristine.allocate_lock()
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
                for change in changes_of(access, site, values)
            ]
            with self._mutex:
                for access, change in changes:
                    self._touch(thread, site, access, change, stack, key)
                thread.seen.add(key)
        finally:
            thread.busy = False

    def _touch(
        self,
        thread: ThreadState,
        site: Site,
        access: Access,
        change: _Change,
        stack: Stack,
        key: Any,
    ) -> None:
        record = self.shadow.record(change.base, change.label)
        record.keys.add(key)
        cell = record.fields.get(change.field)
        if cell is None:
            cell = record.fields[change.field] = Cell()
        touch = Touch(
            thread, site, access, stack, change.write, change.removes, change.iterates
        )
        for other in cell.conflicts(thread, change.write):
            self._found(record.label or change.label, change, other, touch)
        cell.keep(touch)

    def _found(self, label: str, change: _Change, other: Touch, touch: Touch) -> None:
        kind = classify(change.field, other, touch)
        subject = subject_of(label, change.field)
        sides = sorted((_side(other), _side(touch)))
        identity = (kind, subject, *sides)
        known = self.found.get(identity)
        if known is not None:
            known[1] += 1
        elif len(self.found) < PAIRS:
            self.found[identity] = [Race(kind, subject, other, touch), 1]
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
        role = one.access.role
        if one.iterates and field == SHAPE:
            return ITERATE
        if role is Role.UPDATE:
            return UPDATE
        if role is not Role.PLAIN and not _harmless(one, other):
            return CHECK
    return LONE


def _harmless(one: Touch, other: Touch) -> bool:
    """What is only used after its guard is harmed by nothing but taking it away."""
    return one.access.role in (Role.USE, Role.GUARD) and not other.removes


def subject_of(label: str, field: Any) -> str:
    """How people call it: `Ledger.balance`, `Cart.items`, `Cache.entries['a']`."""
    if isinstance(field, tuple) and field[0] == "item":
        return f"{label}[{field[1]!r}]"
    return label if field == SHAPE else f"{label}.{field}" if label else str(field)


def changes_of(access: Access, site: Site, values: Sequence[Any]) -> list[_Change]:
    """What an access really touches, now that the objects are known."""
    root = site.roots[access.root]
    if access.what is What.VARIABLE:
        return _modes(access, values[access.root], _variable_label(site, root.kind), access.name)
    parent = follow(values[access.root], access.path[:-1]) if access.path else MISSING
    base = follow(parent, access.path[-1:]) if access.path else values[access.root]
    if base is MISSING:
        return []
    if access.what is What.ATTRIBUTE:
        owner = home(base, access.name, write=access.mode is not Mode.READ)
        if owner is MISSING:
            return []
        return _modes(access, owner, _name_of(owner), access.name)
    key = MISSING if access.key is None else key_of(access.key, values)
    label = f"{_name_of(parent)}.{access.path[-1]}" if access.path else _local(site, access)
    return [
        _Change(base, label, e.field, e.write, e.removes, e.iterates)
        for e in effects(base, access.what, access.name, access.mode, key)
    ]


def _modes(access: Access, base: Any, label: str, name: str) -> list[_Change]:
    found = []
    if access.mode in (Mode.READ, Mode.UPDATE):
        found.append(_Change(base, label, name, False, False, False))
    if access.mode is not Mode.READ:
        gone = access.clears or access.mode is Mode.DELETE
        found.append(_Change(base, label, name, True, gone, False))
    return found


def _variable_label(site: Site, kind: str) -> str:
    if kind == MODULE:
        return site.path.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return site.function.partition(".<locals>")[0] if kind == CELL else ""


def _name_of(value: Any) -> str:
    """The class of an object, or its own name if it is a class or a module."""
    if type(value) is dict:
        return str(value.get("__name__", "")).rpartition(".")[2]
    found = value if isinstance(value, type) else type(value)
    return str(type.__dict__["__name__"].__get__(found))


def _local(site: Site, access: Access) -> str:
    return access.text
