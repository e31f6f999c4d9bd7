"""From a code object to its moments: where which site is told, and how its objects are found.

Built once for each code object, found again by its `id` (its hash would walk the bytecode). A code
object that is collected takes its plan along.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, NamedTuple, TypeAlias

from racecheck.runtime.deliver import failed
from racecheck.runtime.sites import Site
from racecheck.runtime.tracing.flow import Flow
from racecheck.runtime.tracing.tellings import Tell, tell_again, tell_of
from racecheck.runtime.tracing.variables import slots_of


class Statement(NamedTuple):
    """A statement that has sites; of a compound one, its header. `last` is its last line.

    `again`: a loop, and `before` is told at the start of each turn as well.
    """

    first: int
    last: int
    before: Site | None
    after: Site | None
    again: bool = False


Lookup: TypeAlias = Callable[[CodeType], Iterable[Statement]]


class Moment:
    """What is told when a statement begins, and once it has run.

    `leaves`: where control is elsewhere for the first time. `inside`: all of the statement.
    """

    __slots__ = ("after", "before", "inside", "leaves")

    def __init__(self, before: tuple[Tell, ...], after: Tell | None) -> None:
        self.before = before
        self.after = after
        self.leaves: frozenset[int] = frozenset()
        self.inside: frozenset[int] = frozenset()


class Plan:
    """One code object. `begins`: offset to the moment that begins there.

    `entry`: what is told when it is called, if nothing else ever is: it needs no line events.
    """

    __slots__ = ("begins", "entry", "pending", "returns")

    def __init__(self, code: CodeType, statements: Iterable[Statement]) -> None:
        flow = Flow(code)
        slots = slots_of(code)
        self.begins: dict[int, Moment] = {}
        self.pending: list[Moment] = []
        self.returns = flow.returns
        turns: list[tuple[Tell, frozenset[int]]] = []
        for one in statements:
            before, after = tell_of(one.before, slots), tell_of(one.after, slots)
            if before is not None or after is not None:
                begins = flow.begins(one.first, one.last)
                self._add((before,) if before else (), after, begins, flow, one)
            if one.before and before and one.again:
                again = tell_again(one.before, slots) or before
                turns.append((again, flow.rounds(one.first, one.last)))
        for before, offsets in turns:
            self._turn(before, offsets)
        alone = list(self.begins) == [flow.entry] and not self.pending
        self.entry = self.begins[flow.entry].before if alone else ()

    def _add(
        self,
        before: tuple[Tell, ...],
        after: Tell | None,
        begins: Iterable[int],
        flow: Flow,
        one: Statement,
    ) -> None:
        moment = Moment(before, after)
        self.begins.update(dict.fromkeys(begins, moment))
        if after is not None:
            moment.leaves = flow.leaves(one.first, one.last)
            moment.inside = flow.inside(one.first, one.last)
            self.pending.append(moment)

    def _turn(self, before: Tell, offsets: Iterable[int]) -> None:
        """A turn of a loop tells what the loop goes through, then what its body begins with."""
        for offset in offsets:
            body = self.begins.get(offset)
            moment = Moment((before, *(body.before if body else ())), body.after if body else None)
            if body is not None and body.after is not None:
                moment.leaves, moment.inside = body.leaves, body.inside
                self.pending.append(moment)
            self.begins[offset] = moment

    def during(self, offset: int) -> Moment | None:
        """The moment whose statement holds `offset`, if it has a site to tell once it has run."""
        return next((one for one in self.pending if offset in one.inside), None)


class Plans:
    """The plans of a session. `make` turns a plan into what a backend keeps of it."""

    def __init__(self, lookup: Lookup, make: Callable[[CodeType, Plan], Any]) -> None:
        self.known: dict[int, Any] = {}
        self._lookup = lookup
        self._make = make
        self._alive: dict[int, weakref.ref[CodeType]] = {}

    def find(self, code: CodeType) -> Any:
        """What the backend keeps for `code`, None if it has no sites."""
        number = id(code)
        if number not in self.known:
            kept = self._plan(code)
            # Why first: the entry must not outlive its code, whose id may be used again.
            self._alive[number] = weakref.ref(code, lambda _: self._drop(number))
            self.known[number] = kept
        return self.known[number]

    def _plan(self, code: CodeType) -> Any:
        try:
            statements = list(self._lookup(code))
            plan = Plan(code, statements) if statements else None
            return self._make(code, plan) if plan is not None and plan.begins else None
        except Exception as error:
            failed(error)
            return None

    def _drop(self, number: int) -> None:
        self.known.pop(number, None)
        self._alive.pop(number, None)
