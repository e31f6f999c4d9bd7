"""A call that waits for the outside world while a lock is held."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.creation import is_creation
from racecheck.analyses.critical import Event, Pair, argument_path, thread_locks
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding
from racecheck.facts.schema import Call
from racecheck.program import values
from racecheck.program.model import Function, Held, RoleKind

CODES = ("RC311",)

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_WORD = re.compile(r"\w+")

_JOINS = (
    "threading.Thread.join",
    "concurrent.futures.Future.result",
    "multiprocessing.Process.join",
)


def find(study: Study) -> Iterator[Finding]:
    """Blocking calls under a lock, told once, at the function that takes the lock innermost."""
    takers = _takers(study)
    waited = {lock for lock, found in takers.items() if not _one_thread(found)}
    told: set[tuple[str, int]] = set()
    shown: set[tuple[str, int]] = set()
    for function, pair in study.critical.everything():
        event = pair.event
        lock = _own_lock(pair)
        if (
            event.kind != "block"
            or lock is None
            or lock.lock.id not in waited
            or event.name.startswith(_JOINS)
        ):
            continue
        where = (event.function.id, event.line)
        first = (function.id, pair.trail[0].call.line if pair.trail else event.line)
        if where in told or first in shown or _is_over(event) or not _worth(study, pair, lock):
            continue
        if _only_to_debug(pair) or _makes_it(function, pair, lock, takers[lock.lock.id]):
            continue
        told.add(where)
        shown.add(first)
        yield _finding(study, function, pair, lock, takers[lock.lock.id])


def _own_lock(pair: Pair) -> Held | None:
    """The innermost thread lock, if the summarised function itself holds it."""
    held = thread_locks(pair.own)
    inner = len(thread_locks(pair.held)) > len(held)
    if not held or inner or held[-1].lock.kind in ("semaphore", "rwlock"):
        return None
    return held[-1]


def _is_over(event: Event) -> bool:
    """`Condition.wait` gives the lock up; a future that `as_completed` handed out is done."""
    if ".Condition." in event.name or _is_datagram(event):
        return True
    if not event.name.startswith("concurrent.futures.Future."):
        return False
    calls = event.function.facts.calls
    return any(c.path.rpartition(".")[2] == "as_completed" for c in calls)


def _is_datagram(event: Event) -> bool:
    """`connect` of a datagram socket only notes the address."""
    calls = event.function.facts.calls
    texts = (v.text for c in calls for v in (*c.args, *(v for _, v in c.keywords)))
    return event.name.endswith(".connect") and any(t.endswith("SOCK_DGRAM") for t in texts)


def _takers(study: Study) -> dict[str, list[Function]]:
    """Who takes which lock without a limit: who only tries does not wait for a slow holder."""
    takers: dict[str, dict[str, Function]] = {}
    for _, pair in study.critical.everything():
        event = pair.event
        if event.kind == "acquire" and pair.lock is not None and not event.tries:
            takers.setdefault(pair.lock.lock.id, {})[event.function.id] = event.function
    return {lock: list(found.values()) for lock, found in takers.items()}


def _one_thread(takers: list[Function]) -> bool:
    """Is the only function that waits for the lock the body of a single thread?

    It waits for those who try and give the lock back at once.
    """
    if len(takers) != 1:
        return False
    (body,) = takers
    starts = [e for e in body.entries if e.role is RoleKind.THREAD and e.function == body.id]
    return len(starts) == len(body.entries) == 1 and not starts[0].many and not body.callers


def _worth(study: Study, pair: Pair, lock: Held) -> bool:
    """Does it wait for somebody else? A lock around one connection or file is there for that."""
    model = study.models.blocking[pair.event.name]
    if model.tier != "critical":
        return False
    return not (_receiver(pair).startswith("self.") and lock.base == "self")


def _makes_it(function: Function, pair: Pair, lock: Held, takers: list[Function]) -> bool:
    """Is this how the value comes to be that all who take the lock are after?"""
    call = pair.trail[0].call if pair.trail else _call(pair.event)
    return call is not None and is_creation(function, call, lock, takers)


def _only_to_debug(pair: Pair) -> bool:
    """Does it happen only where debug messages are switched on?"""
    places = [(link.caller, link.call.ctx) for link in pair.trail]
    places.append((pair.event.function, pair.event.ctx))
    return any(_asks_for_debug(f, ctx) for f, ctx in places)


def _asks_for_debug(function: Function, ctx: int) -> bool:
    asked = (t for t in function.met(ctx) if t.shape == "call")
    return any(
        t.first <= call.seq < t.last and call.args[:1] and call.args[0].text.endswith("DEBUG")
        for t in asked
        if t.target.endswith(".isEnabledFor")
        for call in function.facts.calls
    )


def _receiver(pair: Pair) -> str:
    """What the call waits for; a parameter stands for the path that the caller passes."""
    receiver, callee = pair.event.receiver, pair.event.function
    if pair.trail and receiver in {p.name for p in callee.facts.params}:
        return argument_path(receiver, pair.trail[-1], callee)
    return receiver


def _ends_by_itself(event: Event) -> bool:
    """Does the call say how long it waits at most, or may it, or ask only this machine?"""
    call = _call(event)
    if call is None:
        return False
    timed = call.starred or any(
        key == "timeout" and value.text != "None" for key, value in call.keywords
    )
    return timed or (bool(call.args) and _is_local(event, call.args[0].text))


def _is_local(event: Event, text: str) -> bool:
    """This machine by name, or what a test around the call has found to be its name."""
    met = event.function.met(event.ctx)
    compared = (t.key for t in met if t.target == text and t.key.startswith("== "))
    return any(one.strip("\"'= ") in _HERE for one in (text, *compared))


def _call(event: Event) -> Call | None:
    return values.call_at(event.function, event.mark, event.line)


def _makes_connection(function: Function, event: Event, lock: Held) -> bool:
    """Is the lock there so that one connection is made at a time, as names say?"""
    if "connect" in lock.lock.name.rpartition(".")[2]:
        return True
    connects = event.name.rpartition(".")[2] in ("connect", "create_connection", "getaddrinfo")
    return connects and "connect" in function.name


def _all_alike(function: Function, pair: Pair, lock: Held, takers: list[Function]) -> bool:
    """Do all who wait for the lock want to do just the same, one after the other?

    Only this function takes it, and what it waits for depends on no argument: a limit of rate, or
    an answer that all need. Or there is a lock for each key: who waits wants the same key. A
    decorator's lock is taken by many different functions.
    """
    call = pair.trail[0].call if pair.trail else _call(pair.event)
    if len(takers) != 1 or lock.via == "decorator" or call is None:
        return False
    if lock.lock.many or lock.lock.scope == "local":
        return True
    given = {p.name for p in function.facts.params} - {"self", "cls"}
    values = (*call.args, *(value for _, value in call.keywords))
    return not any(given.intersection(_WORD.findall(value.text)) for value in values)


def _finding(
    study: Study, function: Function, pair: Pair, lock: Held, takers: list[Function]
) -> Finding:
    event, name = pair.event, lock.lock.name
    by_design = _ends_by_itself(event) or _makes_connection(function, event, lock)
    by_design = by_design or _all_alike(function, pair, lock, takers)
    sure = len(pair.trail) <= 2 and not by_design
    steps = trails.path(pair, "block", f"{event.what} while `{name}` is held")
    return study.finding(
        "RC311",
        name,
        f"`{event.mark}()` {event.what} while `{name}` is held",
        steps,
        confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        evidence=[
            f"`{name}` is taken at {function.place(lock.line)}; all who want it wait as well"
        ],
    )
