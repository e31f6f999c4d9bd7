"""Condition waits: what they wait for, and who changes that and notifies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from racecheck.analyses.phases import is_constructor
from racecheck.analyses.sync import NOTIFY, Sync, Use
from racecheck.facts.schema import CHANGES, Access, Call, Test
from racecheck.program import states
from racecheck.program.model import Function, Link, Lock, StateId

_READS: Final = frozenset({"read", "check", "iterate"})


_SMALL: Final = 60
"""Operations of a helper that are looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A store to a state in a function that also notifies."""

    function: Function
    access: Access


def untimed_waits(sync: Sync) -> Iterator[Use]:
    """Calls of `wait` on a condition that only a notification ends."""
    for use in sync.uses(frozenset({"wait"})):
        if use.kind == "condition" and not is_timed(use.call):
            yield use


def is_timed(call: Call) -> bool:
    """Does the wait end by itself? `await asyncio.wait_for(cond.wait(), 1)` does, too."""
    given = [*call.args[:1], *(value for _, value in call.keywords)]
    endless = all(value.kind == "const" and value.text == "None" for value in given)
    return not endless or call.starred or call.use == "arg"


def state_of(function: Function, access: Access) -> StateId | None:
    """The shared state that an access speaks of."""
    found = states.of(function, access)
    return found[0] if found else None


def reads(function: Function, first: int, last: int) -> Iterator[tuple[StateId, Access]]:
    """States read by the operations with first <= seq < last; locks and methods are none."""
    for access in function.facts.accesses:
        if first <= access.seq < last and access.kind in _READS and access.via != "()":
            state = state_of(function, access)
            if state is not None and not is_prefix(access):
                yield state, access


def is_prefix(access: Access) -> bool:
    """Only a step on the way to an attribute: `self.a` in `self.a.b`."""
    return access.via.startswith(".") and not access.via.endswith("()")


def tested(function: Function, test: Test) -> list[tuple[StateId, Access]]:
    """States that a condition reads, itself or in a method that it calls."""
    found = list(reads(function, test.first, test.last))
    for link in function.calls:
        if test.first <= link.call.seq < test.last:
            found += read_by(link)
    return found


def read_by(link: Link) -> Iterator[tuple[StateId, Access]]:
    """States that the called functions read themselves; small helpers such as `_full()`."""
    for target in link.targets:
        for state, access in reads(target, 0, _SMALL):
            yield state, replaced(access, link.call)


def replaced(access: Access, call: Call) -> Access:
    """The access of a helper, as an access at its call."""
    return structs.replace(access, seq=call.seq, line=call.line, ctx=call.ctx)


def control_tests(use: Use) -> list[Test]:
    """Conditions that decide whether the call runs, outermost first; loop conditions included."""
    return use.function.tests(use.call.ctx)


def loops(function: Function, ctx: int) -> Iterator[int]:
    """Indexes of the loops around a context, innermost first; comprehensions do not count."""
    index = function.context(ctx).loop
    while index >= 0:
        loop = function.facts.loops[index]
        if loop.kind != "comp":
            yield index
        index = loop.parent


def in_loop(function: Function, ctx: int) -> bool:
    """Does some loop stand around the context?"""
    return any(True for _ in loops(function, ctx))


def changes(sync: Sync, lock: Lock, without: Function) -> dict[StateId, Change]:
    """States that functions change which notify the condition, constructors left out."""
    found: dict[StateId, Change] = {}
    for use in sync.by_lock.get(lock.id, ()):
        function = use.function
        if use.method not in NOTIFY or function is without or is_constructor(function):
            continue
        for access in function.facts.accesses:
            if access.kind in CHANGES and (state := state_of(function, access)):
                found.setdefault(state, Change(function, access))
    return found
