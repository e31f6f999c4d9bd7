"""A finalizer, signal handler or logging handler takes a lock that its own thread may hold."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.critical import Pair
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Entry, Function, RoleKind

CODES = ("RC326",)

_INTERRUPTS = {
    RoleKind.FINALIZER: "runs on whatever thread drops the last reference or starts a collection",
    RoleKind.SIGNAL: "interrupts the main thread between two bytecodes",
}


def find(study: Study) -> Iterator[Finding]:
    """Interrupting code that waits for a plain lock which ordinary code takes too."""
    takers = _ordinary(study)
    told: set[tuple[str, str]] = set()
    for entry in sorted(study.program.entries, key=lambda e: (e.place, e.function)):
        function = study.program.functions.get(entry.function)
        if function is None or function.module.is_test or entry.role not in _INTERRUPTS:
            continue
        for pair in study.critical.pairs(function):
            if not _waits(pair) or pair.lock is None:
                continue
            other = takers.get(pair.lock.lock.id)
            key = (entry.function, pair.lock.lock.id)
            if other is not None and key not in told:
                told.add(key)
                yield _finding(study, entry, function, pair, other)


def _waits(pair: Pair) -> bool:
    lock = pair.lock
    if pair.event.kind != "acquire" or lock is None or pair.event.tries:
        return False
    return lock.lock.reentrant is False and lock.lock.kind == "lock" and not lock.lock.is_async


def _ordinary(study: Study) -> dict[str, tuple[Function, Pair]]:
    """For each lock an acquisition outside of finalizers and signal handlers."""
    found: dict[str, tuple[Function, Pair]] = {}
    for function in study.program.functions.values():
        if function.module.is_test or function.name in ("__init__", "__del__"):
            continue
        if any(e.function == function.id and e.role in _INTERRUPTS for e in function.entries):
            continue
        for pair in study.critical.pairs(function):
            if pair.event.kind == "acquire" and not pair.trail and pair.lock is not None:
                found.setdefault(pair.lock.lock.id, (function, pair))
    return found


def _finding(
    study: Study, entry: Entry, function: Function, pair: Pair, other: tuple[Function, Pair]
) -> Finding:
    assert pair.lock is not None
    name = pair.lock.lock.name
    takes = trails.path(function, pair, "acquire", f"waits for `{name}`")
    holder = trails.event(other[1], "acquire", f"a thread that is interrupted here holds `{name}`")
    begin = Step(
        "start", entry.place, function.label, note=f"{entry.how} {_INTERRUPTS[entry.role]}"
    )
    direct = len(pair.trail) <= 3
    return study.finding(
        "RC326",
        name,
        f"`{function.label}` takes `{name}`, which the thread it interrupts may hold",
        [takes[-1], *takes[:-1], begin, holder],
        confidence=Confidence.LIKELY if direct else Confidence.POSSIBLE,
        evidence=[f"{entry.how} {_INTERRUPTS[entry.role]}", f"`{name}` is not re-entrant"],
    )
