"""Wake-ups of one thread by another: events, queues, futures and conditions, by identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from racecheck.analyses import waits
from racecheck.analyses.named import Calls
from racecheck.analyses.sync import NOTIFY, WAIT, Sync
from racecheck.facts.schema import Call
from racecheck.program import states, types
from racecheck.program.model import Function, Link, StateId

_QUEUES: Final = frozenset(
    ("queue.Queue", "queue.SimpleQueue", "queue.LifoQueue", "queue.PriorityQueue")
)
_EVENTS: Final = frozenset(("threading.Event", "multiprocessing.Event"))
_FUTURES: Final = frozenset(("concurrent.futures.Future",))
_SENT: Final = {
    "set": _EVENTS,
    "put": _QUEUES,
    "put_nowait": _QUEUES,
    "set_result": _FUTURES,
    "set_exception": _FUTURES,
}
_AWAITED: Final = {"wait": _EVENTS, "get": _QUEUES, "result": _FUTURES, "exception": _FUTURES}
_KINDS: Final = _AWAITED | _SENT


@dataclass(frozen=True, slots=True)
class Signal:
    """A call that wakes (`sends`) or waits. key: one for each event, queue, future, condition."""

    link: Link
    path: str
    method: str
    key: object
    label: str
    sends: bool

    @property
    def function(self) -> Function:
        """Where it stands."""
        return self.link.caller

    @property
    def call(self) -> Call:
        """The call itself."""
        return self.link.call


def signals(calls: Calls, sync: Sync) -> Iterator[Signal]:
    """All wake-ups and waits whose object is known."""
    for link in calls.ending(_KINDS):
        path, _, method = link.call.path.rpartition(".")
        kinds = frozenset() if link.implicit else types.of(link.caller, path)
        found = states.locate(link.caller, path) if kinds and kinds <= _KINDS[method] else None
        if found is not None:
            key, sends = found[0], method in _SENT
            yield Signal(link, path, method, key, key.label, sends)
    for use in sync.uses(NOTIFY | WAIT):
        if use.kind == "condition":
            pair = (use.lock.id, use.path.rpartition(".")[2])
            sends = use.method in NOTIFY
            yield Signal(use.link, use.path, use.method, pair, use.lock.name, sends)


def is_endless(signal: Signal) -> bool:
    """Does the wait end by the wake-up only?"""
    call = signal.call
    if signal.method == "wait_for":
        return len(call.args) < 2 and not call.keywords and not call.starred
    if signal.method == "get":
        given = [*call.args, *(value for _, value in call.keywords)]
        plain = all(v.kind == "const" and v.text in ("None", "True") for v in given)
        return plain and not call.starred
    return not waits.is_timed(call)


def returned_by(signal: Signal) -> Function | None:
    """The function around this one that makes the object and returns it to somebody who waits."""
    key = signal.key
    if not isinstance(key, StateId) or key.kind != "cell":
        return None
    up = signal.function.parent
    while up is not None and up.id != key.owner:
        up = up.parent
    if up is None:
        return None
    points = (p for p in up.facts.points if p.kind == "return" and p.value)
    values = (p.value for p in points)
    return up if any(v and v.kind == "path" and v.text == key.name for v in values) else None
