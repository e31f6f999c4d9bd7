"""Uses of locks and conditions by identity: who takes, releases, waits on and notifies which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from racecheck.analyses.lockset import DOCUMENTED, Locksets
from racecheck.analyses.named import Calls
from racecheck.catalog.models import Models
from racecheck.core.finding import Step
from racecheck.facts import schema
from racecheck.program import homes, locks, types
from racecheck.program.model import Function, Held, Link, Lock, Program

EXCLUSIVE: Final = frozenset({"lock", "rlock", "condition"})
"""Kinds that one holder takes and the same holder gives back."""

CUSTOM: Final = "custom"
"""Kind of a class of the project that can be acquired, released and used by `with`."""

_PROTOCOL: Final = ("acquire", "release", "__enter__", "__exit__")
NOTIFY: Final = frozenset({"notify", "notify_all", "notifyAll"})
WAIT: Final = frozenset({"wait", "wait_for"})
_METHODS: Final = NOTIFY | WAIT | {"acquire", "release", "__enter__", "__exit__", "locked"}


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a method of a lock or condition: `path.method()`."""

    link: Link
    method: str
    path: str
    held: Held
    kind: str

    @property
    def function(self) -> Function:
        """Where it stands."""
        return self.link.caller

    @property
    def call(self) -> schema.Call:
        """The call itself."""
        return self.link.call

    @property
    def lock(self) -> Lock:
        """Which lock; conditions made over a lock share its identity."""
        return self.held.lock

    @property
    def context(self) -> schema.Context:
        """The surroundings of the call."""
        return self.function.facts.contexts[self.call.ctx]

    def step(self, role: str, note: str = "") -> Step:
        """This call as one side of a finding."""
        function = self.function
        place = function.place(self.call.line, f"{self.path}.{self.method}")
        return Step(role, place, function.label, note=note)

    def same(self, other: Use) -> bool:
        """Is it the same lock of the same object?"""
        return self.lock.id == other.lock.id and self.held.base == other.held.base


class Sync:
    """All uses, found once. Locks whose kind is not known do not appear."""

    def __init__(self, program: Program, models: Models, locksets: Locksets, calls: Calls) -> None:
        self._program = program
        self._models = models
        self._classes = program.classes
        self._locksets = locksets
        self.of: dict[Function, list[Use]] = defaultdict(list)
        self.by_lock: dict[str, list[Use]] = defaultdict(list)
        self.takers: dict[str, set[Function]] = defaultdict(set)
        for link in calls.ending(_METHODS):
            self._add(link)
        for function in program.functions.values():
            for index in range(len(function.facts.regions)):
                if lock_id := self._region_lock(function, index):
                    self.takers[lock_id].add(function)
        for table in (self.of, self.by_lock, self.takers):
            table.default_factory = None
        self.protocols: frozenset[str] = frozenset(self._protocols())

    def _kind(self, function: Function, path: str, held: Held) -> str:
        """Kind of the object at `path`, which may be a condition over a lock; "" if it is unsure.

        A class of the project that is a lock itself has the kind of the lock it takes.
        """
        kinds = set()
        for name in types.of(function, path):
            model = self._models.locks.get(name)
            kinds.add(model.kind if model is not None else self._own_kind(name, held))
        return kinds.pop() if len(kinds) == 1 else ""

    def _own_kind(self, name: str, held: Held) -> str:
        cls = self._classes.get(name)
        if cls is None or held.lock.kind != "unknown":
            return held.lock.kind if cls is not None else ""
        return CUSTOM if all(cls.find_method(method) for method in _PROTOCOL) else ""

    def uses(self, methods: frozenset[str]) -> Iterator[Use]:
        """All calls of these methods, in order of functions."""
        for found in self.of.values():
            yield from (use for use in found if use.method in methods)

    def uses_in(self, function: Function) -> list[Use]:
        """All uses in one function, in evaluation order."""
        return self.of.get(function, [])

    @staticmethod
    def region(function: Function, index: int) -> Held | None:
        """The lock that a region of the function holds; None when it is not known or no lock."""
        known = locks.region(function, function.facts.regions[index])
        return next((held for held in reversed(known) if held.lock.kind != "unknown"), None)

    def within(self, function: Function, ctx: int, lock: Lock) -> list[int]:
        """Regions of the function, open in this context, that hold the lock; outermost first."""
        held = function.facts.contexts[ctx].held
        return [index for index in held if self._region_lock(function, index) == lock.id]

    def regions(self, function: Function, lock: Lock) -> list[int]:
        """All regions of the function that hold the lock."""
        count = len(function.facts.regions)
        return [index for index in range(count) if self._region_lock(function, index) == lock.id]

    def held_at(self, function: Function, ctx: int, lock: Lock) -> bool:
        """Is it held there, by this function or, as far as is known, by all its callers?"""
        return any(held.lock.id == lock.id for held in self._locksets.at(function, ctx))

    def inherited(self, function: Function) -> frozenset[str]:
        """Ids of the locks that all callers hold."""
        return frozenset(held.lock.id for held in self._locksets.inherited(function))

    def documented(self, function: Function, ctx: int) -> bool:
        """Does the source say that the caller holds some lock?"""
        return DOCUMENTED in self._locksets.at(function, ctx) or bool(function.facts.requires)

    @staticmethod
    def is_no_lock(function: Function, region: schema.Region) -> bool:
        """Is it known what the manager of a region is, and that it is no lock?"""
        return bool(types.of(function, region.path))

    def callers_may_hold(self, function: Function, lock: Lock, depth: int = 3) -> bool:
        """Does some caller hold it at the call, or some caller of a caller?"""
        if depth == 0:
            return True
        return any(
            self.held_at(link.caller, link.call.ctx, lock)
            or self.callers_may_hold(link.caller, lock, depth - 1)
            for link in function.callers
        )

    # --- reading --------------------------------------------------------------------------

    @cached_property
    def returned(self) -> frozenset[str]:
        """Ids of the locks that some function returns."""
        values = (
            (function, point.value.text)
            for function in self._program.functions.values()
            for point in function.facts.points
            if point.kind == "return" and point.value and point.value.kind == "path"
        )
        return _lock_ids(values)

    @cached_property
    def handed_over(self) -> frozenset[str]:
        """Ids of the locks whose `release` somebody gets as a value."""
        values = (
            (function, access.path.removesuffix(".release"))
            for function in self._program.functions.values()
            for access in function.facts.accesses
            if access.path.endswith(".release") and access.via != "()"
        )
        return _lock_ids(values)

    def _add(self, link: Link) -> None:
        function = link.caller
        path, _, method = link.call.path.rpartition(".")
        held = homes.at(function, path) if path and not link.implicit else None
        kind = self._kind(function, path, held) if held is not None else ""
        if held is None or not kind:
            return
        use = Use(link, method, path, held, kind)
        self.of[function].append(use)
        self.by_lock[held.lock.id].append(use)
        if method == "acquire":
            self.takers[held.lock.id].add(function)

    def _region_lock(self, function: Function, index: int) -> str:
        held = self.region(function, index)
        return held.lock.id if held else ""

    def _protocols(self) -> Iterator[str]:
        """Locks that are released where they cannot be held: batons and transactions."""
        for function, uses in self.of.items():
            for position, use in enumerate(uses):
                if use.method == "release" and not self._may_hold(function, uses[:position], use):
                    yield use.lock.id

    def _may_hold(self, function: Function, earlier: list[Use], release: Use) -> bool:
        """May the function hold the lock where it releases it?"""
        if self.within(function, release.call.ctx, release.lock):
            return True
        before = [u for u in earlier if u.same(release) and u.method in ("acquire", "release")]
        given = [u for u in before if u.method == "release" and _comes_past(u, release)]
        start = given[-1].call.seq if given else -1
        return any(u.method == "acquire" and u.call.seq > start for u in before)


def _lock_ids(paths: Iterable[tuple[Function, str]]) -> frozenset[str]:
    found = (locks.find(function, path) for function, path in paths)
    return frozenset(held.lock.id for held in found if held is not None)


def _comes_past(one: Use, other: Use) -> bool:
    """Does every path to `other` run `one`, as far as tests and `try` parts tell?"""
    mine, theirs = one.context, other.context
    depth = len(mine.tests)
    straight = mine.part in ("", theirs.part) and mine.loop in (-1, theirs.loop)
    return straight and theirs.tests[:depth] == mine.tests and not mine.catches
