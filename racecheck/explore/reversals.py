"""Which events of a run could have come the other way round, and who would have had to go first.

The happens-before side of dynamic partial-order reduction (Flanagan and Godefroid, POPL 2005). An
event and what another agent does later form a race when they depend on each other and nothing else
orders them. Going back to before the event, it is enough to try one agent that leads to the later
one: the agent itself, or somebody it heard from in between.
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
        self._count = 0

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

    def heard_since(self, agent: str, event: int) -> set[str]:
        """Agents with an event behind `event` that `agent` already depends on."""
        clock = self._clocks.get(agent, {})
        return {other for other, known in clock.items() if self._at[other][known - 1] > event}

    def step(self, agent: str, operation: Operation) -> None:
        """`agent` does it."""
        clock = dict(self._clocks.get(agent, {}))
        touched = [*self._touched(operation)]
        for met, write in touched:
            _join(clock, met.any if write else met.changed)
        at = self._at.setdefault(agent, [])
        at.append(self._count)
        clock[agent] = len(at)
        self._clocks[agent] = clock
        for met, write in self._recorded(operation):
            _join(met.any, clock)
            if write:
                _join(met.changed, clock)
            met.events.setdefault(agent, []).append((self._count, write))
        self._count += 1

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


def _join(clock: Clock, other: Clock) -> None:
    for agent, count in other.items():
        if clock.get(agent, 0) < count:
            clock[agent] = count
