"""RC337: the test and the wait stand in different critical sections."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import waits
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import Sync, Use
from racecheck.analyses.waits import Change
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access, Test
from racecheck.program.model import StateId

CODES = ("RC337",)


def find(study: Study) -> Iterator[Finding]:
    """Untimed waits whose section looks at no state, decided by state that notifiers change."""
    sync = study.sync
    for use in waits.untimed_waits(sync):
        inside = sync.within(use.function, use.call.ctx, use.lock)
        if not inside or _looks(use, inside) or _inherited(sync, use):
            continue
        changed = waits.changes(sync, use.lock, use.function)
        for state, access in _predicate(sync, use, inside):
            if state in changed:
                yield _report(study, use, state, access, changed[state])
                break


def _looks(use: Use, inside: list[int]) -> bool:
    """Does the section read any state before it waits?"""
    function = use.function
    return any(
        set(inside) & set(function.context(access.ctx).held)
        for _, access in waits.reads(function, 0, use.call.seq)
        if not use.path.startswith(access.path)
    )


def _inherited(sync: Sync, use: Use) -> bool:
    """Is the condition held around the whole function?"""
    locks_above = sync.inherited(use.function)
    return use.lock.id in locks_above or sync.callers_may_hold(use.function, use.lock)


def _predicate(sync: Sync, use: Use, inside: list[int]) -> Iterator[tuple[StateId, Access]]:
    """States that decide whether it waits: read by tests around it, or in an earlier section."""
    function = use.function
    tests = waits.control_tests(use) + _left_before(use)
    for test in reversed(tests):
        yield from waits.tested(function, test)
    names = {name for test in tests for name in test.names}
    if not names & set(function.facts.locals):
        return
    for state, access in waits.reads(function, 0, use.call.seq):
        section = sync.within(function, access.ctx, use.lock)
        if section and not set(section) & set(inside):
            yield state, access


def _left_before(use: Use) -> list[Test]:
    """Conditions under which the function, or this round of the loop, ends before the wait."""
    facts = use.function.facts
    index = use.context.loop
    start = facts.loops[index].first if index >= 0 else 0
    return [t for t in facts.tests if t.exits and start <= t.first and t.last <= use.call.seq]


def _report(study: Study, use: Use, state: StateId, access: Access, change: Change) -> Finding:
    function = use.function
    other = change.function
    steps = [
        use.step("wait", "a notification that came after the test is lost"),
        Step(
            "check",
            function.place(access.line, access.path),
            function.label,
            note="tested outside the section that waits",
        ),
        Step(
            "notify",
            other.place(change.access.line, change.access.path),
            other.label,
            note="changes it and notifies, perhaps in between",
        ),
    ]
    return study.finding(
        "RC337",
        use.lock.name,
        f"`{state.label}` is tested in one section and `{use.path}.wait()` stands in another",
        steps,
    )
