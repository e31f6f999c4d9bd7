"""A lock that is not re-entrant is taken again by the thread that holds it."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.critical import Pair, probed, same_lock
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding
from racecheck.program.model import Function, Held

CODES = ("RC308",)


def find(study: Study) -> Iterator[Finding]:
    """Acquisitions of a plain lock that is surely held already, here or by a caller."""
    told: set[tuple[str, int, str]] = set()
    for function, pair in study.critical.everything():
        holder = _holder(pair)
        if holder is None or pair.lock is None or _is_signal(pair) or _excluded(pair):
            continue
        key = (
            function.id,
            pair.trail[0].call.line if pair.trail else pair.event.line,
            holder.lock.id,
        )
        if key not in told:
            told.add(key)
            yield _finding(study, function, pair, holder)


def _holder(pair: Pair) -> Held | None:
    lock, event = pair.lock, pair.event
    if event.kind != "acquire" or lock is None or event.tries or lock.lock.reentrant is not False:
        return None
    if lock.lock.kind not in ("lock", "condition") or lock.lock.is_async:
        return None
    for held in pair.own:
        if same_lock(held, lock) and not (not pair.trail and held.line == event.line):
            return None if lock.lock.id in probed(pair) else held
    return None


def _excluded(pair: Pair) -> bool:
    """Does the call stand under `if X.made:`, and the callee leave at once when that is so?"""
    if not pair.trail:
        return False
    first, function = pair.trail[0], pair.event.function
    there = _conditions(first.caller, first.caller.context(first.call.ctx).tests)
    facts = function.facts
    mark = pair.event.mark
    holding = (c for c in facts.contexts if any(facts.regions[i].path == mark for i in c.held))
    inside = next(holding, None)
    here = _conditions(function, inside.tests) if inside is not None else set()
    return any((target, not truth) in there for target, truth in here)


def _conditions(function: Function, tests: tuple[int, ...]) -> set[tuple[str, bool]]:
    """Class and module state that is known to be true or false there."""
    found = set()
    for signed in tests:
        test = function.facts.tests[abs(signed) - 1]
        if test.target[:1].isupper() and test.shape in ("truth", "not", "is None", "is not None"):
            found.add((test.target, (test.shape in ("truth", "is not None")) == (signed > 0)))
    return found


def _is_signal(pair: Pair) -> bool:
    """Is the lock, or its `release`, given away? Then the second acquire waits for others."""
    function, lock = pair.event.function, pair.event.lock
    if lock is not None and lock.lock.scope == "local":
        if any(pair.event.mark in nested.facts.free for nested in function.nested.values()):
            return True
    release = f"{pair.event.mark}.release"
    accesses = function.facts.accesses
    return any(a.path == release and a.via in ("arg", "value", "alias") for a in accesses)


def _finding(study: Study, function: Function, pair: Pair, holder: Held) -> Finding:
    name = holder.lock.name
    steps = trails.path(pair, "acquire", "waits for ever: this thread holds it")
    made = holder.lock.place
    evidence = [f"`{name}` is not re-entrant" + (f", made at {made}" if made else "")]
    return study.finding(
        "RC308",
        name,
        f"`{name}` is taken again while this thread holds it",
        steps,
        evidence=evidence,
    )
