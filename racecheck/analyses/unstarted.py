"""What an object does only while its threads are not running: methods that refuse when they are.

`start` tests a state of its object, leaves if it is not the right one, and changes it. Another
method that begins with the same test is over before the threads begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from racecheck.analyses import callers
from racecheck.analyses.siblings import is_own
from racecheck.program.model import Class, Function, Program
from racecheck.program.tables import of

_DEPTH = 4


class Gate(NamedTuple):
    """A test that leads out of a method when it is true. name: the attribute that it asks for."""

    name: str
    shape: str
    key: str


class Unstarted:
    """Answers for one program. `_gates`: those that the starting methods of a class pass."""

    def __init__(self, program: Program) -> None:
        self._gates: dict[str, set[Gate]] = {}
        self._starters = {e.starts: e.call for e in program.entries if e.starts and e.call >= 0}
        for name, spawn in self._starters.items():
            function = program.functions.get(name)
            if function is not None and function.cls is not None:
                self._learn(function, function.cls, spawn)

    def _learn(self, starter: Function, cls: Class, spawn: int) -> None:
        """Note the gates of a starter, and of what it calls on its own object before."""
        own = [starter]
        for link in starter.calls:
            if link.call.seq < spawn:
                own += [t for t in link.targets if t.cls is not None and t.cls in cls.mro]
        for function in own:
            for index, gate in _gates(function):
                if _closes(function, index) and function.cls is not None:
                    self._gates.setdefault(function.cls.id, set()).add(gate)

    def before_start(self, function: Function, ctx: int, seq: int, depth: int = 0) -> bool:
        """Does this place lie behind such a gate, or do all ways to it?"""
        if function.cls is None or not self._gates or function.entries or depth > _DEPTH:
            return False
        known = self._of(function.cls)
        if not known or function.id in self._starters:
            return False
        passed = {-test for test in function.context(ctx).tests if test < 0}
        for index, gate in _gates(function):
            if index + 1 in passed and gate in known and not _closes(function, index, seq):
                return True
        return self._only_called_so(function, depth)

    def _only_called_so(self, function: Function, depth: int) -> bool:
        if not callers.is_private(function) or function.escapes:
            return False
        calls = callers.once_made(function)
        return bool(calls) and all(
            is_own(link)
            and self.before_start(link.caller, link.call.ctx, link.call.seq, depth + 1)
            for link in calls
        )

    def _of(self, cls: Class) -> set[Gate]:
        found: set[Gate] = set()
        for one in (*cls.mro, *cls.subclasses):
            found |= self._gates.get(one.id, set())
        return found


def _gates(function: Function) -> Iterator[tuple[int, Gate]]:
    """Tests of an attribute of the own object that lead out, by their index.

    Not in loops: what is asked again and again is asked while threads run.
    """
    receiver = of(function).receivers.get(function)
    loops = function.facts.loops
    for index, test in enumerate(function.facts.tests):
        owner, _, name = test.target.rpartition(".")
        if receiver is None or not test.exits or test.kind != "if" or owner != receiver.name:
            continue
        if not any(loop.first <= test.first < loop.last for loop in loops):
            yield index, Gate(name, test.shape, test.key)


def _closes(function: Function, index: int, before: int = 1 << 60) -> bool:
    """Does the function change what the gate asks for after it passed it?"""
    test = function.facts.tests[index]
    return any(
        a.kind == "write" and a.path == test.target and test.last <= a.seq < before
        for a in function.facts.accesses
    )
