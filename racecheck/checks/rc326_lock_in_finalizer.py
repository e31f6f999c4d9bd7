"""A finalizer, signal handler or logging handler takes a lock that its own thread may hold."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.critical import Pair
from racecheck.analyses.dying import Dying
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Entry, Function, Held, Link, RoleKind

CODES = ("RC326",)

_Taker = tuple[Function, Pair]
"""A function and its acquisition."""

_INTERRUPTS = {
    RoleKind.FINALIZER: "runs on whatever thread drops the last reference or starts a collection",
    RoleKind.SIGNAL: "interrupts the main thread between two bytecodes",
}


def find(study: Study) -> Iterator[Finding]:
    """Interrupting code that waits for a plain lock which ordinary code takes too."""
    takers = _ordinary(study)
    dying = Dying(study.program)
    told: set[tuple[str, str]] = set()
    for entry in sorted(study.program.entries, key=lambda e: (e.place, e.function)):
        function = study.program.functions.get(entry.function)
        if function is None or function.module.is_test or entry.role not in _INTERRUPTS:
            continue
        for pair in study.critical.pairs(function):
            if not _waits(pair) or pair.lock is None:
                continue
            found = takers.get(pair.lock.lock.id, ())
            other = next((t for t in found if _meets(dying, function, pair.lock, t)), None)
            key = (entry.function, pair.lock.lock.id)
            if other is not None and key not in told:
                told.add(key)
                yield _finding(study, entry, function, pair, other)
    yield from _logging(study)


def _logging(study: Study) -> Iterator[Finding]:
    """Handlers that wait for a plain lock under which some code logs: the record comes back."""
    loggers = _logs_under(study)
    told: set[tuple[str, str]] = set()
    for entry in study.program.entries:
        function = study.program.functions.get(entry.function)
        if function is None or function.module.is_test or entry.role is not RoleKind.LOGGING:
            continue
        for pair in study.critical.pairs(function):
            if not _waits(pair) or pair.lock is None:
                continue
            lock = pair.lock.lock
            if lock.id in loggers and (function.id, lock.id) not in told:
                told.add((function.id, lock.id))
                yield _echo(study, function, pair, loggers[lock.id])


def _logs_under(study: Study) -> dict[str, Link]:
    """For each plain thread lock a call that logs while it is held."""
    found: dict[str, Link] = {}
    for link in study.calls.of(_LOGS):
        function = link.caller
        if not function.module.is_test and function.facts.regions:
            for held in study.locksets.local(function, link.call.ctx):
                found.setdefault(held.lock.id, link)
    return found


_LOGS = frozenset(
    f"{owner}.{level}"
    for owner in ("logging", "logging.Logger", "logging.LoggerAdapter")
    for level in "debug info warning warn error exception critical log".split()
)


def _echo(study: Study, function: Function, pair: Pair, link: Link) -> Finding:
    assert pair.lock is not None
    name = pair.lock.lock.name
    takes = trails.path(pair, "acquire", f"waits for `{name}`")
    place = link.caller.place(link.call.line, link.call.path)
    logs = Step("log", place, link.caller.label, held=(name,), note="logs while it holds the lock")
    return study.finding(
        "RC326",
        name,
        f"`{function.label}` takes `{name}`, under which other code logs",
        [takes[-1], *takes[:-1], logs],
        evidence=["a record logged under the lock comes to this handler on the same thread"],
    )


def _waits(pair: Pair) -> bool:
    lock = pair.lock
    if pair.event.kind != "acquire" or lock is None or pair.event.tries:
        return False
    return lock.lock.reentrant is False and lock.lock.kind == "lock" and not lock.lock.is_async


def _meets(dying: Dying, finalizer: Function, lock: Held, taker: _Taker) -> bool:
    """Can the object die while this code holds the lock?"""
    other = taker[1].lock
    return other is None or not dying.waits_for(finalizer, lock, taker[0], other)


def _ordinary(study: Study) -> dict[str, list[_Taker]]:
    """For each lock the acquisitions outside of finalizers and signal handlers."""
    found: dict[str, list[_Taker]] = {}
    for function, pair in study.critical.everything():
        if pair.event.kind != "acquire" or pair.trail or pair.lock is None:
            continue
        if function.name not in ("__init__", "__del__") and not _interrupts(function):
            found.setdefault(pair.lock.lock.id, []).append((function, pair))
    return found


def _interrupts(function: Function) -> bool:
    return any(e.function == function.id and e.role in _INTERRUPTS for e in function.entries)


def _finding(study: Study, entry: Entry, function: Function, pair: Pair, other: _Taker) -> Finding:
    assert pair.lock is not None
    name = pair.lock.lock.name
    takes = trails.path(pair, "acquire", f"waits for `{name}`")
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
