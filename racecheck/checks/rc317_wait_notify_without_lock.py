"""RC317: `wait` or `notify` on a condition that is not held."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.callers import is_private
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import NOTIFY, WAIT, Sync, Use
from racecheck.core.finding import Finding, Step
from racecheck.program.model import Function, Lock

CODES = ("RC317",)


def find(study: Study) -> Iterator[Finding]:
    """Calls for which neither this function nor any caller is seen to hold the condition."""
    sync = study.sync
    for use in sync.uses(WAIT | NOTIFY):
        if use.kind != "condition" or use.call.use in ("arg", "bind"):
            continue
        if _is_called_bare(sync, use) and not _may_be_held(sync, use):
            yield _report(study, use, _seen_held(sync, use))


def _may_be_held(sync: Sync, use: Use) -> bool:
    """Is there any way known in which the condition is held at the call?"""
    function, lock = use.function, use.lock
    if sync.documented(function, use.call.ctx) or sync.held_at(function, use.call.ctx, lock):
        return True
    if any(
        other.method == "acquire" and other.lock.id == lock.id for other in sync.uses_in(function)
    ):
        return True
    if any(not _resolved(sync, function, index) for index in _open(use)):
        return True
    return sync.callers_may_hold(function, lock) or _is_offered(sync, lock)


def _open(use: Use) -> tuple[int, ...]:
    return use.context.held


def _resolved(sync: Sync, function: Function, index: int) -> bool:
    """Is it known what this `with` takes? An unknown manager may take the condition."""
    region = function.facts.regions[index]
    return sync.region(function, index) is not None or sync.is_no_lock(function, region)


def _is_offered(sync: Sync, lock: Lock) -> bool:
    """Can others take it through a method: acquired and kept, yielded under, or returned?"""
    for function in sync.takers.get(lock.id, ()):
        methods = {use.method for use in sync.uses_in(function) if use.lock.id == lock.id}
        if "acquire" in methods and "release" not in methods:
            return True
        for point in function.facts.points:
            if point.kind == "yield" and sync.within(function, point.ctx, lock):
                return True
    return lock.id in sync.returned


def _is_called_bare(sync: Sync, use: Use) -> bool:
    """Is the function one that is surely called without the lock?"""
    function, lock = use.function, use.lock
    is_entry = any(entry.function == function.id for entry in function.entries)
    if is_entry or sync.regions(function, lock) or use.context.held:
        return True
    if function.escapes or function.parent is not None or function.facts.requires:
        return False
    if is_private(function):
        return bool(function.callers)
    return lock.id.rpartition(".")[2].startswith("_")


def _seen_held(sync: Sync, use: Use) -> Use | None:
    """Another use of the condition that does hold it, for comparison."""
    for other in sync.by_lock.get(use.lock.id, ()):
        speaks = other.method in WAIT | NOTIFY and other.kind == "condition"
        if speaks and sync.held_at(other.function, other.call.ctx, other.lock):
            return other
    return None


def _report(study: Study, use: Use, held: Use | None) -> Finding:
    name = use.lock.name
    steps = [use.step(use.method.partition("_")[0], "raises RuntimeError: the lock is not held")]
    if held is not None:
        function = held.function
        place = function.place(held.call.line, f"{held.path}.{held.method}")
        note = "here it is held"
        role = held.method.partition("_")[0]
        steps.append(Step(role, place, function.label, held=(name,), note=note))
    return study.finding(
        "RC317", name, f"`{use.path}.{use.method}()` is called without holding `{name}`", steps
    )
