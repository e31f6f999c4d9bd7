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
    """Waits whose section looks at no state, decided by state that notifiers change."""
    sync = study.sync
    for use in sync.uses(frozenset({"wait"})):
        if use.kind != "condition" or use.call.use == "arg":
            continue
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
    given = {value.text for value in (*use.call.args, *(v for _, v in use.call.keywords))}
    return any(
        set(inside) & set(function.context(access.ctx).held)
        for _, access in waits.reads(function, 0, use.call.seq)
        if not use.path.startswith(access.path) and access.path not in given
    )


def _inherited(sync: Sync, use: Use) -> bool:
    """Is the condition held around the whole function?"""
    locks_above = sync.inherited(use.function)
    return use.lock.id in locks_above or sync.callers_may_hold(use.function, use.lock)


def _predicate(sync: Sync, use: Use, inside: list[int]) -> Iterator[tuple[StateId, Access]]:
    """States that decide whether it waits: read by tests around it, or in an earlier section.

    A wait with a timeout in a loop that tests a flag is a nap, whatever was notified: only an `if`
    that decides about the wait itself counts then.
    """
    function = use.function
    tests = waits.control_tests(use)
    if waits.is_timed(use.call):
        tests = [test for test in tests[-1:] if test.kind == "if" and not test.exits]
    else:
        tests += _left_before(use)
    for test in reversed(tests):
        yield from waits.tested(function, test)
    names = {name for test in tests for name in test.names} & set(function.facts.locals)
    for link in function.calls:
        if link.call.seq < use.call.seq and link.call.use == "bind" and link.call.into in names:
            yield from waits.read_by(link)
    if not names:
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
    lost = "a notification that came after the test is lost"
    timed = waits.is_timed(use.call)
    steps = [
        use.step("wait", f"{lost}: it sleeps for the whole timeout" if timed else lost),
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
