"""From waits that never end to a finding: who waits for whom, and since which line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.runtime import lock_report, naming
from racecheck.runtime.naming import spot
from racecheck.runtime.observers.lock_order import Dependency, Lock
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import Stack, callers
from racecheck.runtime.waitgraph import BY_THREADS, EXIT, Hang

if TYPE_CHECKING:
    from racecheck.runtime.threads import ThreadState
    from racecheck.runtime.waits import Wait

_WAITS: Final = {
    "event": "an event that nobody is left to set",
    "condition": "a notification that nobody is left to give",
    "semaphore": "a semaphore that nobody is left to release",
    "barrier": "a barrier that the others never reach",
    "queue-get": "an item that nobody is left to put",
    "queue-put": "room in a queue from which nobody is left to take",
    "queue-join": "a queue whose items nobody is left to finish",
    "future": "a result that nobody is left to set",
    EXIT: "the other threads to end",
}

_NAMED: Final = {
    "event": "`{}`, an event that nobody is left to set",
    "condition": "a notification of `{}` that nobody is left to give",
    "semaphore": "`{}`, a semaphore that nobody is left to release",
    "barrier": "`{}`, a barrier that the others never reach",
    "queue-get": "an item of `{}` that nobody is left to put",
    "queue-put": "room in `{}`, from which nobody is left to take",
    "queue-join": "`{}`, whose items nobody is left to finish",
}


def of_cycle(cycle: Sequence[Wait], options: RuntimeOptions) -> Finding:
    """A deadlock: of locks alone, of a thread with itself, or with joins in it."""
    if len(cycle) == 1 and cycle[0].kind == "lock":
        return _self_deadlock(cycle[0], options)
    if all(wait.kind == "lock" for wait in cycle):
        return lock_report.finding([_request(wait) for wait in cycle], 1, options, real=True)
    waits = _ordered(cycle)
    message = f"Deadlock: threads wait in a circle, {' and '.join(map(_circle, waits))}"
    evidence = ("a cycle of threads: it cannot end by itself",)
    return _finding("RC440", message, waits, evidence, options)


def of_hang(hang: Hang, options: RuntimeOptions) -> Finding:
    """Nobody is left who could move."""
    waits = _ordered(hang.waits)
    first = waits[0]
    if len(waits) == 1 and first.kind == "lock" and first.target.owner is first.thread:
        return _self_deadlock(first, options)
    message = f"Hang: {phrase(first)}"
    seconds = f"{options.hang_timeout:g} s"
    evidence = (f"nothing has moved for {seconds}, and no thread is left that could",)
    if hang.sure:
        return _finding("RC440", message, waits, evidence, options)
    evidence = (f"nothing has moved for {seconds}; only daemon threads and signals could end it",)
    return _finding("RC440", message, waits, evidence, options, sure=False)


def phrase(wait: Wait) -> str:
    """What is waited for, as a part of a sentence."""
    if wait.kind == "lock":
        return f"`{naming.lock_name(wait.target)}` is never released"
    if wait.kind == "join":
        return f"waiting for the end of {_name_of(wait.target)}"
    return f"waiting for {_awaited(wait)}"


def _awaited(wait: Wait) -> str:
    name = naming.name_of(wait.target) if wait.kind in _NAMED else ""
    return _NAMED[wait.kind].format(name) if name else _WAITS.get(wait.kind, wait.kind)


def _circle(wait: Wait) -> str:
    if wait.kind == "lock":
        return f"for `{naming.lock_name(wait.target)}`"
    return f"for the end of {_name_of(wait.target)}"


def _name_of(thread: Any) -> str:
    return str(getattr(thread, "_name", None) or getattr(thread, "name", "a thread"))


def _ordered(waits: Sequence[Wait]) -> list[Wait]:
    """Those who wait for no particular thread first: they are the cause of the rest."""

    def key(wait: Wait) -> tuple[Any, ...]:
        where = spot(wait.stack)
        kind = wait.kind
        return kind == EXIT, kind in BY_THREADS, wait.thread.daemon, where.place, wait.thread.name

    return sorted(waits, key=key)


def _self_deadlock(wait: Wait, options: RuntimeOptions) -> Finding:
    name = naming.lock_name(wait.target)
    rule = options.rules.get("RC308", Rule("RC308"))
    asks = spot(wait.stack)
    steps = [_step(wait)]
    since = _since(wait.thread, wait.target)
    if since is not None:
        holds = spot(since)
        note = f"holds `{name}` since here"
        steps.append(Step("holds", holds.place, holds.function, wait.thread.name, (), note))
    return Finding(
        code="RC308",
        name=rule.name,
        subject=name,
        message=f"`{name}` is taken again by the thread that holds it: it waits for itself",
        place=asks.place,
        confidence=Confidence.CONFIRMED,
        severity=Severity(rule.severity),
        steps=tuple(steps),
        evidence=(f"a {wait.target.kind} is not re-entrant",),
        help=rule.help,
        origin=Origin.RUN,
        context=asks.function,
    )


def _since(thread: ThreadState, lock: Any) -> Stack | None:
    return next((link.stack for link in thread.chain or () if link.lock is lock), None)


def _request(wait: Wait) -> Dependency:
    """A wait for a lock, as the request that it is."""
    thread, target = wait.thread, wait.target
    links = reversed(list(thread.chain or ()))
    holds = tuple(
        (Lock(link.lock.number, link.lock.made, link.lock.kind), link.stack) for link in links
    )
    return Dependency(
        thread=thread.number,
        name=thread.name,
        origin=thread.origin,
        job=thread.job,
        wants=target.number,
        what=Lock(target.number, target.made, target.kind),
        held=frozenset(lock.number for lock, _ in holds),
        holds=holds,
        stack=wait.stack,
        slot=thread.slot,
        clock=thread.clock,
        hard=thread.hard,
        moment=0,
    )


def _finding(
    code: str,
    message: str,
    waits: Sequence[Wait],
    evidence: Sequence[str],
    options: RuntimeOptions,
    *,
    sure: bool = True,
) -> Finding:
    rule = options.rules.get(code, Rule(code))
    where = spot(waits[0].stack)
    return Finding(
        code=code,
        name=rule.name,
        subject=f"{waits[0].kind} in {where.function}",
        message=message,
        place=where.place,
        confidence=Confidence.CONFIRMED if sure else Confidence.OBSERVED,
        severity=Severity(rule.severity) if sure else Severity.NOTE,
        steps=tuple(_step(wait) for wait in waits),
        evidence=(*evidence, *_origins(waits)),
        help=rule.help,
        origin=Origin.RUN,
        context=where.function,
    )


def _origins(waits: Sequence[Wait]) -> Iterator[str]:
    yield from dict.fromkeys(line for wait in waits if (line := naming.origin(wait.thread)))


def _step(wait: Wait) -> Step:
    where = spot(wait.stack)
    held = tuple(naming.lock_name(link.lock) for link in reversed(list(wait.thread.chain or ())))
    note, above = _note(wait), callers(wait.stack)
    return Step("waits", where.place, where.function, wait.thread.name, held, note, above)


def _note(wait: Wait) -> str:
    if wait.kind != "lock":
        if wait.kind == "join":
            return f"waits for {_name_of(wait.target)} to end"
        return f"waits for {_awaited(wait)}"
    owner: ThreadState | None = wait.target.owner
    text = f"waits for `{naming.lock_name(wait.target)}`"
    if owner is None:
        return text
    since = _since(owner, wait.target)
    line = f" since line {spot(since).place.line}" if since is not None else ""
    holder = "itself" if owner is wait.thread else owner.name
    ended = ", which has ended" if owner.ended is not None else ""
    return f"{text}, held by {holder}{ended}{line}"
