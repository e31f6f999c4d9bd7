"""Locks that one method takes and keeps, and the methods that ask whether it was for them.

`begin(job)` takes a lock, notes `self._job = job` and returns; `store(job)` leaves unless `job is
self._job`; `finish` gives the lock back. Behind this test the lock is held, by whoever began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from racecheck.facts.schema import Test
from racecheck.program import homes
from racecheck.program.model import Function, Held, Program
from racecheck.program.tables import of


class Sessions:
    """Locks kept by methods of a class, with the attribute that says for whom."""

    def __init__(self, program: Program) -> None:
        self._kept: dict[str, dict[str, Held]] = {}
        for function in program.functions.values():
            if function.cls is not None and any(r.how == "acquire" for r in function.facts.regions):
                for name, held in _begins(function):
                    self._kept.setdefault(function.cls.id, {})[name] = held

    def at(self, function: Function, ctx: int, via: str) -> Iterator[Held]:
        """Locks kept for the caller of this method, at a place in this context."""
        if not self._kept or function.cls is None:
            return
        tests = function.context(ctx).tests
        for cls in function.cls.mro if tests else ():
            for name, held in self._kept.get(cls.id, {}).items():
                if any(
                    test < 0 and _asks(function, function.facts.tests[-test - 1], name)
                    for test in tests
                ):
                    yield replace(held, via=via)


def _begins(function: Function) -> Iterator[tuple[str, Held]]:
    """Attributes that a method sets to an argument under a lock that it keeps when it returns."""
    facts = function.facts
    kept = {
        seq for point in facts.points if point.kind in ("return", "fall") for seq in point.loose
    }
    params = {p.name for p in facts.params}
    receiver = of(function).receivers.get(function)
    for call in facts.calls if kept and receiver is not None else ():
        held = homes.at(function, call.path.rpartition(".")[0]) if call.seq in kept else None
        for access in facts.accesses if held is not None else ():
            owner, _, name = access.path.rpartition(".")
            value = access.value if access.kind == "write" and access.seq > call.seq else None
            given = value is not None and value.kind == "path" and value.text in params
            if given and receiver is not None and owner == receiver.name and held is not None:
                yield name, held


def _asks(function: Function, test: Test, name: str) -> bool:
    """Does the test lead out unless the argument is the one that was noted?"""
    receiver = of(function).receivers.get(function)
    if receiver is None or not test.exits or test.shape != "compare":
        return False
    noted = f"{receiver.name}.{name}"
    sign, _, other = test.key.rpartition(" ")
    params = {p.name for p in function.facts.params}
    sides = (test.target, other)
    return sign in ("is not", "!=") and noted in sides and not params.isdisjoint(sides)
