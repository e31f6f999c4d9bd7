"""From a cycle of requests to a finding: what each side holds and asks for, and since where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.runtime import naming
from racecheck.runtime.naming import Spot, birth, spot
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import Stack, callers

if TYPE_CHECKING:
    from racecheck.runtime.observers.lock_order import Dependency

_AWAITED: Final = {
    "join": "the end of a thread",
    "future": "a result",
    "event": "an event",
    "queue-get": "an item of a queue",
}


class Side:
    """One request of a cycle: `held` is the lock that the one before asks for, if it is a lock."""

    def __init__(self, request: Dependency, before: Dependency) -> None:
        self.request = request
        self.asks: Spot = spot(request.stack)
        self.wanted = wanted(request)
        found = [(lock, stack) for lock, stack in request.holds if lock.number == before.wants]
        self.given = found[0][0] if found else None
        self.holds: Spot = spot(found[0][1]) if found else naming.NOWHERE

    @property
    def order(self) -> tuple[Any, ...]:
        """By what stands in the source, so that it does not depend on which thread came first."""
        return self.asks.place, self.asks.function, self.wanted, self.holds.place


def wanted(request: Dependency) -> str:
    """The lock asked for, or what is waited for."""
    what = request.what
    return _AWAITED.get(what, what) if isinstance(what, str) else naming.lock_name(what)


def sides(cycle: Sequence[Dependency]) -> list[Side]:
    """The sides in the order of the cycle, the one that comes first in the source first."""
    found = [
        Side(request, before)
        for request, before in zip(cycle, (cycle[-1], *cycle[:-1]), strict=True)
    ]
    first = min(range(len(found)), key=lambda index: found[index].order)
    return found[first:] + found[:first]


def identity(cycle: Sequence[Dependency]) -> Any:
    """What two cycles have in common that are told once."""
    return tuple(
        (side.asks.place, side.holds.place, side.wanted, side.given and birth_key(side.given.made))
        for side in sides(cycle)
    )


def birth_key(made: Stack) -> Any:
    """What locks have in common that come from one place."""
    return birth(made).key


def finding(
    cycle: Sequence[Dependency], times: int, options: RuntimeOptions, *, real: bool = False
) -> Finding:
    """The finding of a cycle that was seen `times` times, with whatever objects and threads.

    `real`: it is happening.
    """
    shown = sides(cycle)
    locks = [side.given for side in shown if side.given is not None]
    names = [naming.lock_name(lock) for lock in locks]
    code = code_of([side.given and birth_key(side.given.made) for side in shown])
    rule = options.rules.get(code, Rule(code))
    return Finding(
        code=code,
        name=rule.name,
        subject=", ".join(dict.fromkeys(names)),
        message=("Deadlock: " if real else "") + _message(code, names, shown),
        place=shown[0].asks.place,
        confidence=Confidence.CONFIRMED if real else Confidence.OBSERVED,
        severity=Severity(rule.severity),
        steps=tuple(step for side in shown for step in _steps(side)),
        evidence=tuple(_evidence(shown, times, real)),
        help=rule.help,
        origin=Origin.RUN,
        context=shown[0].asks.function,
    )


def code_of(keys: Sequence[Any]) -> str:
    """By where the locks come from; None stands for something that is no lock."""
    if None in keys:
        return "RC312"
    return "RC310" if len(set(keys)) == 1 else "RC309"


def _message(code: str, names: Sequence[str], shown: Sequence[Side]) -> str:
    if code == "RC312":
        waits = next(side for side in shown if isinstance(side.request.what, str))
        return (
            f"{naming.listed(dict.fromkeys(names))} held while waiting for {waits.wanted}, "
            "which cannot come without it"
        )
    if code == "RC310":
        return f"{_NUMBERS.get(len(names), str(len(names)))} `{names[0]}` are taken in both orders"
    if len(names) == 2:
        return f"{naming.listed(names)} are taken in both orders"
    return f"{naming.listed(names)} are taken in a circle"


_NUMBERS: Final = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


def _steps(side: Side) -> Iterator[Step]:
    request = side.request
    held = tuple(naming.lock_name(lock) for lock, _ in request.holds)
    verb = "waits for" if isinstance(request.what, str) else "asks for"
    name = side.wanted if isinstance(request.what, str) else f"`{side.wanted}`"
    note, above = f"{verb} {name}", callers(request.stack)
    yield Step(verb, side.asks.place, side.asks.function, request.name, held, note, above)
    if side.given is not None:
        note = f"holds `{naming.lock_name(side.given)}` since here"
        yield Step("holds", side.holds.place, side.holds.function, request.name, (), note)


def _evidence(shown: Sequence[Side], times: int, real: bool) -> Iterator[str]:
    if real:
        yield "each waits for the next one: it cannot end by itself"
    else:
        two = len(shown) == 2
        yield "no third lock is held by both" if two else "no lock is held by two of them"
        yield "nothing orders them: no start, join, queue or event between them"
    yield from dict.fromkeys(line for side in shown if (line := naming.origin(side.request)))
    if times > 1:
        yield f"seen {times} times in this run, with other objects or threads"
