"""RC316: `Condition.wait()` behind an `if`, with the predicate trusted afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import waits
from racecheck.analyses.phases import is_constructor
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import NOTIFY, Sync, Use
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access, Point, Test
from racecheck.program.model import Function, StateId

CODES = ("RC316",)


def find(study: Study) -> Iterator[Finding]:
    """Untimed waits outside any loop, decided by a test of shared state in the same section."""
    sync = study.sync
    for use in waits.untimed_waits(sync):
        if waits.in_loop(use.function, use.call.ctx) or _callers_loop(use):
            continue
        predicate = _predicate(sync, use)
        if predicate is None or _leaves_at_once(use, predicate[1]) or _latched(study, predicate[1]):
            continue
        if not _tested_again(use, predicate[1]) and not _keeps_out(study, use, predicate[1]):
            yield _report(study, use, *predicate)


def _callers_loop(use: Use) -> bool:
    """A helper: every call of it stands in a loop."""
    callers = use.function.callers
    return bool(callers) and all(waits.in_loop(k.caller, k.call.ctx) for k in callers)


def _predicate(sync: Sync, use: Use) -> tuple[Test, list[tuple[StateId, Access]]] | None:
    """The innermost test of state around the wait that is made in the same critical section."""
    function = use.function
    inside = set(sync.within(function, use.call.ctx, use.lock))
    for test in reversed(waits.control_tests(use)):
        found = [
            (state, access)
            for state, access in waits.tested(function, test)
            if not inside or inside & set(function.context(access.ctx).held)
        ]
        if found and test.kind in ("if", "and", "or"):
            return test, found
    return None


def _leaves_at_once(use: Use, found: list[tuple[StateId, Access]]) -> bool:
    """`wait(); return`: nothing is trusted here, the callers look again."""
    states = {state for state, _ in found}
    function = use.function
    for point in function.facts.points:
        if point.seq > use.call.seq and point.kind in ("return", "continue", "break", "raise"):
            same = function.context(point.ctx).tests == use.context.tests
            plain = point.value is None or point.value.kind == "const"
            used = {state for state, _ in waits.reads(function, use.call.seq, point.seq)}
            return same and plain and not used & states
    return False


def _latched(study: Study, found: list[tuple[StateId, Access]]) -> bool:
    """A flag that is only ever raised: once it is up, whoever is woken finds it up."""
    for state, access in found:
        known = study.program.states.get(state)
        stores = [
            use.access
            for use in (known.uses if known is not None else ())
            if use.access.kind not in _READS
            and not (is_constructor(use.function) or use.function.name == "<class>")
        ]
        raised = (
            s.kind == "write" and s.value is not None and s.value.text == "True" for s in stores
        )
        if not stores or access.via not in ("truth", "") or not all(raised):
            return False
    return True


_READS = ("read", "check", "iterate")


def _keeps_out(study: Study, use: Use, found: list[tuple[StateId, Access]]) -> bool:
    """Has it marked itself as the one that waits, and do all others look at the mark?

    A writer says that it is coming and waits for the readers: no new one comes in, and the last one
    wakes it.
    """
    function, states = use.function, {state for state, _ in found}
    stores = [a for a in function.facts.accesses if a.kind == "write" and a.seq < use.call.seq]
    marks = {mark for a in stores if (mark := waits.state_of(function, a))} - states
    others = {n.function for n in study.sync.by_lock.get(use.lock.id, ()) if n.method in NOTIFY}
    for state in states:
        known = study.program.states.get(state)
        uses = known.uses if known is not None else []
        others |= {x.function for x in uses if x.access.kind not in _READS}
    others = {f for f in others if not (is_constructor(f) or f.name == "<class>")} | {function}
    return len(others) > 1 and any(all(_looks_at(f, mark) for f in others) for mark in marks)


def _looks_at(function: Function, mark: StateId) -> bool:
    checks = (a for a in function.facts.accesses if a.kind == "check")
    return any(waits.state_of(function, access) == mark for access in checks)


def _tested_again(use: Use, found: list[tuple[StateId, Access]]) -> bool:
    """Does a later condition, or the result, look at the same state?"""
    states = {state for state, _ in found}
    function = use.function
    for test in function.facts.tests:
        if test.first > use.call.seq and any(s in states for s, _ in waits.tested(function, test)):
            return True
    return any(_is_truth(point) and point.seq > use.call.seq for point in function.facts.points)


def _is_truth(point: Point) -> bool:
    """`return bool(self.items)`: the caller is told."""
    value = point.value
    if point.kind != "return" or value is None:
        return False
    return (value.kind, value.text) in (("call", "bool"), ("other", "bool"))


def _report(study: Study, use: Use, test: Test, found: list[tuple[StateId, Access]]) -> Finding:
    function, (state, access) = use.function, found[0]
    steps = [
        use.step("wait", "may return although the condition does not hold (any more)"),
        Step(
            "check",
            function.place(test.line, access.path),
            function.label,
            note="tested once, before the wait, and not again",
        ),
    ]
    return study.finding(
        "RC316",
        use.lock.name,
        f"`{use.path}.wait()` stands behind an `if`: `{state.label}` is not tested again",
        steps,
    )
