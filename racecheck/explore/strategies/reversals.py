"""Which events of a run could have come the other way round, and who would have to go first.

The happens-before side of source-DPOR (Abdulla, Aronis, Jonsson and Sagonas, "Source Sets: A
Foundation for Optimal Dynamic Partial Order Reduction", JACM 2017). An event `e` and what another
agent does later race if they depend on each other, and the agent had not heard of `e` by its
previous event. To see them the other way round, all that does not follow from `e` goes first, and
it is enough to try one of those who can begin with that.

Their condition for a race, nothing in between, would miss that the second of two who take a lock
can be the first: the release is in between. Whoever may not go first because it is blocked is left
out by whoever asks.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from racecheck.explore.operations import Operation

Clock: TypeAlias = "dict[str, int]"


@dataclass(slots=True)
class _Met:
    """What happened to one object: clocks of all events and of those that changed it."""

    any: Clock
    changed: Clock
    events: dict[str, list[tuple[int, bool]]]


class Reversals:
    """The events of one run, so far."""

    def __init__(self) -> None:
        self._clocks: dict[str, Clock] = {}
        self._at: dict[str, list[int]] = {}
        self._objects: dict[Hashable, _Met] = {}
        self._unknown = _Met({}, {}, {})
        self._all = _Met({}, {}, {})
        self._events: list[tuple[str, int, Clock]] = []

    def born(self, agent: str, parent: str) -> None:
        """`agent` came to be by the latest step, which `parent` made."""
        self._clocks[agent] = dict(self._clocks.get(parent, {}))

    def races(self, agent: str, operation: Operation) -> set[int]:
        """Earlier events, by their number, that could have come after what `agent` does now."""
        found: set[int] = set()
        for met, write in self._touched(operation):
            for other, events in met.events.items():
                if other != agent:
                    found.update(self._unordered(agent, other, events, write))
        return found

    def _unordered(
        self, agent: str, other: str, events: list[tuple[int, bool]], write: bool
    ) -> Iterator[int]:
        known = self._clocks.get(agent, {}).get(other, 0)
        last = self._at[other][known - 1] if known else -1
        for event, changed in reversed(events):
            if event <= last:
                return
            if write or changed:
                yield event

    def initials(self, event: int, agent: str, operation: Operation) -> set[str]:
        """Who can begin with what led to the operation but does not follow from `event`."""
        doer, number, _ = self._events[event]
        first: dict[str, int] = {}
        found: set[str] = set()
        for other, count, clock in self._events[event + 1 :]:
            if other not in first and clock.get(doer, 0) < number:
                if not _follows(clock, first):
                    found.add(other)
                first[other] = count
        if agent not in first and not _follows(self._clock(agent, operation), first):
            found.add(agent)
        return found

    def _clock(self, agent: str, operation: Operation) -> Clock:
        clock = dict(self._clocks.get(agent, {}))
        for met, write in self._touched(operation):
            _join(clock, met.any if write else met.changed)
        return clock

    def step(self, agent: str, operation: Operation) -> None:
        """`agent` does it."""
        clock = self._clock(agent, operation)
        at = self._at.setdefault(agent, [])
        event = len(self._events)
        at.append(event)
        clock[agent] = len(at)
        self._events.append((agent, len(at), clock))
        self._clocks[agent] = clock
        for met, write in self._recorded(operation):
            _join(met.any, clock)
            if write:
                _join(met.changed, clock)
            met.events.setdefault(agent, []).append((event, write))

    def _touched(self, operation: Operation) -> Iterator[tuple[_Met, bool]]:
        """What it depends on: what is unknown depends on everything."""
        yield self._unknown, True
        if operation.touches is None:
            yield self._all, True
            return
        for what, write in operation.touches:
            if (met := self._objects.get(what)) is not None:
                yield met, write

    def _recorded(self, operation: Operation) -> Iterator[tuple[_Met, bool]]:
        """Where later events find it."""
        yield self._all, True
        if operation.touches is None:
            yield self._unknown, True
            return
        for what, write in operation.touches:
            met = self._objects.get(what)
            if met is None:
                met = self._objects[what] = _Met({}, {}, {})
            yield met, write


def _follows(clock: Clock, first: dict[str, int]) -> bool:
    """Whether any of the agents had made its first step before."""
    return any(clock.get(other, 0) >= count for other, count in first.items())


def _join(clock: Clock, other: Clock) -> None:
    for agent, count in other.items():
        if clock.get(agent, 0) < count:
            clock[agent] = count
