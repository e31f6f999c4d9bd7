"""The time of the last visit: stored again and again, by whoever was there.

`if now - self.last > 30: self.last = now` lets two threads pass at once. That is harmless when a
lock decides what is left to do after it, and everybody who stores the time stores the present one.
"""

from __future__ import annotations

from racecheck.analyses.atomicity import CheckAct, depends, test_of
from racecheck.analyses.guards import Profile
from racecheck.facts import schema
from racecheck.facts.schema import CHANGES
from racecheck.program import locks
from racecheck.program.model import Function

_CLOCKS = frozenset(
    {"time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns"}
    | {"now", "utcnow"}
)


def only_passed_twice(profile: Profile, pair: CheckAct) -> bool:
    """Is the act a time stamp, and is the rest of the branch tested again under a lock?"""
    if pair.kind != "change" or pair.act.use.access.kind != "write":
        return False
    if not all(_is_stamp(s.use.function, s.use.access) for s in profile.seen if s.is_write):
        return False
    function = pair.act.use.function
    index = test_of(function.facts, pair.check.use.access)
    side = depends(function.facts, pair.act.use.access, index)
    if index < 0 or not side:
        return False
    return all(_decided(function, step, index) for step in _steps(function, index, side))


def _is_stamp(function: Function, access: schema.Access) -> bool:
    """Does it store the present time, perhaps by a local that got it?"""
    value = access.value
    if access.kind != "write" or value is None:
        return False
    if value.kind == "path" and value.text in function.facts.locals:
        stores = [a for a in function.facts.accesses if a.path == value.text and a.kind in CHANGES]
        return bool(stores) and all(a.value is not None and _reads_clock(a.value) for a in stores)
    return _reads_clock(value)


def _reads_clock(value: schema.Value) -> bool:
    return value.kind == "call" and value.text.rpartition(".")[2] in _CLOCKS


def _steps(function: Function, index: int, side: int) -> list[schema.Call | schema.Access]:
    """What else happens in this branch of the test: calls and changes that others can see."""
    facts = function.facts
    steps: list[schema.Call | schema.Access] = [
        c for c in facts.calls if c.path.rpartition(".")[2] not in _CLOCKS
    ]
    for access in facts.accesses:
        if access.kind in CHANGES and access.path not in facts.locals:
            if not _is_stamp(function, access):
                steps.append(access)
    return [s for s in steps if side * (index + 1) in facts.contexts[s.ctx].tests]


def _decided(function: Function, step: schema.Call | schema.Access, index: int) -> bool:
    """Does it stand in a critical section, in or behind a test of something made there?"""
    facts = function.facts
    if not any(not h.lock.is_async for h in locks.held(function, step.ctx)):
        return False
    mine = set(facts.contexts[step.ctx].held)
    behind = {abs(t) - 1 for t in facts.contexts[step.ctx].tests} - {index}
    return any(
        (number in behind or test.first <= step.seq < test.last)
        and any(
            test.first <= a.seq < test.last and mine & set(facts.contexts[a.ctx].held)
            for a in facts.accesses
        )
        for number, test in enumerate(facts.tests)
    )
