"""A thread is waited for under a lock that it needs in order to end."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.critical import Event, Pair, thread_locks
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.facts.schema import Access
from racecheck.program.model import Entry, Function, Held, RoleKind

CODES = ("RC312",)

_AWAITED = frozenset({RoleKind.THREAD, RoleKind.POOL})
"""What has an end that can be waited for; a callback at exit or of a library has none."""

_WAITS = (
    "threading.Thread.join",
    "threading.Timer.join",
    "concurrent.futures.Future.result",
    "concurrent.futures.Future.exception",
    "concurrent.futures.wait",
    "concurrent.futures.Executor.shutdown",
    "concurrent.futures.ThreadPoolExecutor.shutdown",
)


def find(study: Study) -> Iterator[Finding]:
    """Joins and results awaited while a thread lock is held that the awaited thread takes."""
    told: set[tuple[str, int, str]] = set()
    for function, pair in study.critical.everything():
        event = pair.event
        if event.kind != "block" or not event.name.startswith(_WAITS):
            continue
        held = thread_locks(pair.own)
        if not held or _has_said_goodbye(study, event):
            continue
        for lock in held:
            where = (event.function.id, event.line, lock.lock.id)
            taker = _taker(study, event, lock)
            if where not in told and taker is not None:
                told.add(where)
                yield _finding(study, function, pair, lock, taker)


def _taker(study: Study, event: Event, lock: Held) -> tuple[Entry, Pair] | None:
    """A thread of the waiting class (or module) that waits for `lock` without a limit."""
    waiting = event.function
    for entry in study.program.entries:
        target = study.program.functions.get(entry.function)
        if target is None or target.module.is_test or entry.role not in _AWAITED:
            continue
        if not _awaited(waiting, target, entry):
            continue
        for pair in study.critical.pairs(target):
            taken = pair.lock
            if pair.event.kind == "acquire" and taken is not None and not pair.event.tries:
                if taken.lock.id == lock.lock.id:
                    return entry, pair
    return None


def _has_said_goodbye(study: Study, event: Event) -> bool:
    """Is the wait under a flag that a thread sets as its last act, both under one lock?

    Whoever reads it there knows that the thread takes no lock any more.
    """
    waiting = event.function
    flags = {test.target for test in waiting.met(event.ctx)}
    owner = waiting.cls
    if owner is None or not flags:
        return False
    locks = _locks(study, waiting, event.ctx)
    return any(
        _is_goodbye(method, access) and not locks.isdisjoint(_locks(study, method, access.ctx))
        for cls in owner.mro
        for method in cls.methods.values()
        if RoleKind.THREAD in method.roles
        for access in method.facts.accesses
        if access.path in flags
    )


def _is_goodbye(method: Function, access: Access) -> bool:
    """Does the method set a flag here, and nothing after it?"""
    facts = method.facts
    later = any(one.seq > access.seq for one in facts.accesses)
    later = later or any(call.seq > access.seq for call in facts.calls)
    return access.value is not None and access.value.text == "True" and not later


def _locks(study: Study, function: Function, ctx: int) -> set[str]:
    return {held.lock.id for held in study.locksets.local(function, ctx)}


def _awaited(waiting: Function, target: Function, entry: Entry) -> bool:
    """May the join in `waiting` be for this thread? The same class or function starts it."""
    if entry.starts == waiting.id:
        return True
    if waiting.cls is None:
        return False
    starter = entry.starter_class
    family = {c.facts.qualname for c in waiting.cls.mro}
    return starter in family or (target.cls is not None and target.cls in waiting.cls.mro)


def _finding(
    study: Study, function: Function, pair: Pair, lock: Held, taker: tuple[Entry, Pair]
) -> Finding:
    entry, taking = taker
    name = lock.lock.name
    wait = trails.path(pair, "wait", f"waits for the thread while `{name}` is held")
    needs = trails.event(taking, "acquire", f"the thread needs `{name}` before it can end")
    start = Step("start", entry.place, note=entry.how)
    return study.finding(
        "RC312",
        name,
        f"A thread is waited for under `{name}`, which it needs itself",
        [*wait, needs, start],
        confidence=Confidence.LIKELY,
        severity=Severity.ERROR,
        evidence=[f"the thread runs `{entry.function.rpartition(':')[2]}` ({entry.how})"],
    )
