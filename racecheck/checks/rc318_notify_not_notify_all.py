"""RC318: `notify()` in a method that ends things for every waiter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecheck.analyses import waits
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import NOTIFY, Sync, Use
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access
from racecheck.program.model import Entry, StateId

CODES = ("RC318",)

_ENDS = re.compile(
    r"(?:^|_)(?:close|stop|abort|shut_?down|cancel|terminate|finish|quit|exit|kill|destroy"
    r"|interrupt|disconnect)(?:$|_)"
)


def find(study: Study) -> Iterator[Finding]:
    """Single notifications about a flag that several threads wait for."""
    sync = study.sync
    for use in sync.uses(frozenset({"notify"})):
        if use.kind != "condition" or use.call.args or use.call.keywords:
            continue
        if not _ENDS.search(use.function.name.lower()) or any(
            waits.loops(use.function, use.call.ctx)
        ):
            continue
        for state, access in _flags(use):
            waiters = [w for w in _waiters(sync, use) if _looks_at(w, state)]
            if waiters and (why := _several(waiters)):
                yield _report(study, use, state, access, waiters[0], why)
                break


def _flags(use: Use) -> Iterator[tuple[StateId, Access]]:
    """States that the function sets."""
    for access in use.function.facts.accesses:
        state = waits.state_of(use.function, access) if access.kind == "write" else None
        if state is not None:
            yield state, access


def _waiters(sync: Sync, use: Use) -> list[Use]:
    """Untimed waits on the condition in loops, in functions that do not pass the wake-up on."""
    found = []
    for wait in waits.untimed_waits(sync):
        function = wait.function
        if not _same_condition(wait, use) or not waits.in_loop(function, wait.call.ctx):
            continue
        passes_on = any(
            o.method in NOTIFY and _same_condition(o, wait) for o in sync.uses_in(function)
        )
        if not passes_on:
            found.append(wait)
    return found


def _same_condition(one: Use, other: Use) -> bool:
    """Two conditions over one lock are two: their names tell."""
    return one.same(other) and one.path.rpartition(".")[2] == other.path.rpartition(".")[2]


def _looks_at(wait: Use, state: StateId) -> bool:
    """Does a loop around the wait read the state?"""
    function = wait.function
    return any(
        found == state
        for index in waits.loops(function, wait.call.ctx)
        for found, _ in waits.reads(
            function, function.facts.loops[index].first, function.facts.loops[index].last
        )
    )


def _several(waiters: list[Use]) -> str:
    """Why more than one thread can wait; "" when that is not known."""
    entries: dict[str, Entry] = {}
    for wait in waiters:
        function = wait.function
        for entry in function.entries:
            if entry.many:
                return f"`{function.label}` runs on several threads: `{entry.how}`"
            entries[entry.function] = entry
        if not function.entries and not function.name.startswith("_") and not function.parent:
            return f"`{function.label}` is public: any number of threads may wait in it"
    if len(entries) > 1:
        return "waited for on " + " and ".join(f"`{e.how}`" for e in entries.values())
    return ""


def _report(study: Study, use: Use, state: StateId, access: Access, wait: Use, why: str) -> Finding:
    function = use.function
    steps = [
        use.step("notify", "wakes one waiter, the others sleep on"),
        wait.step("wait", "several threads can wait here"),
        Step(
            "write",
            function.place(access.line, access.path),
            function.label,
            note="concerns every waiter",
        ),
    ]
    return study.finding(
        "RC318",
        use.lock.name,
        f"`{function.label}` sets `{state.label}` for all waiters and wakes one",
        steps,
        evidence=[why],
    )
