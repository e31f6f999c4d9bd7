"""What an ordinary run came to: who stood at which accesses and operations, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from racecheck.explore.lab import Lab
from racecheck.explore.strategies.base import Agent, Decision, Strategy
from racecheck.runtime.deliver import sink
from racecheck.runtime.rewriting import gate
from racecheck.runtime.sites import Site

TRAIL: Final = 20_000
"""Steps of one agent that are kept."""

Step: TypeAlias = "str | int"
"""The key of an operation, or the number of a site."""

Arrived: TypeAlias = Callable[[Site, Sequence[Any]], None]


@contextmanager
def listening(lab: Lab, around: Callable[[Arrived], Arrived]) -> Iterator[None]:
    """As long as this lasts, `around(arrive)` is told of arrivals at sites, and not `arrive`."""
    told = around(lab.reach.arrive)
    sink.arrive = told
    gate.tell_all(told)
    try:
        yield
    finally:
        sink.arrive = lab.reach.arrive
        gate.tell_all(lab.reach.arrive)


def stepping(lab: Lab) -> Agent | None:
    """Who makes the present step: the task that its thread runs, or the thread."""
    agent = lab.controller.local.agent
    if agent is None or not lab.controller.active:
        return None
    return agent.task if agent.task is not None else agent


class Notes:
    """`sites`, by number, and `keys` of operations, each with the paths of the agents there."""

    def __init__(self) -> None:
        self.sites: dict[int, Site] = {}
        self.at: dict[int, set[str]] = defaultdict(set)
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.trails: dict[str, list[Step]] = defaultdict(list)
        self.names: dict[str, str] = {}

    @contextmanager
    def taken(self, lab: Lab) -> Iterator[None]:
        """Runs of the lab are noted meanwhile."""

        def around(arrive: Arrived) -> Arrived:
            def told(site: Site, values: Sequence[Any]) -> None:
                arrive(site, values)
                agent = stepping(lab)
                if agent is not None and not site.announces:
                    self.sites[site.number] = site
                    self.at[site.number].add(agent.path)
                    self._step(agent.path, site.number)

            return told

        with listening(lab, around):
            yield

    def stands(self, agent: Agent) -> None:
        """It stands before an operation."""
        self.keys[agent.pending.key].add(agent.path)
        self.names[agent.path] = getattr(agent, "label", agent.path)
        self._step(agent.path, agent.pending.key)

    def between(self, first: set[int], second: set[int]) -> dict[str, set[str]]:
        """The first operation of an agent after one of the first sites, on its way to a second."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, trail in self.trails.items():
            gate_key: str | None = None
            inside = False
            for step in trail:
                if isinstance(step, str):
                    gate_key = gate_key or (step if inside else None)
                elif step in first:
                    inside, gate_key = True, None
                elif step in second and inside:
                    if gate_key is not None:
                        found[gate_key].add(path)
                    inside = False
        return dict(found)

    def _step(self, path: str, step: Step) -> None:
        trail = self.trails[path]
        if len(trail) < TRAIL:
            trail.append(step)


class Noting:
    """A strategy around a strategy: what agents stand before is noted."""

    def __init__(self, inner: Strategy, notes: Notes) -> None:
        self.inner = inner
        self.name = inner.name
        self._notes = notes

    def begin(self) -> bool:
        """As the other does."""
        return self.inner.begin()

    def choose(self, decision: Decision) -> Agent | None:
        """Whom the other chooses."""
        self._notes.stands(decision.agent)
        return self.inner.choose(decision)

    def number(self, limit: int) -> int:
        """What the other chooses."""
        return self.inner.number(limit)
