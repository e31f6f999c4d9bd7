"""Makes agents stand at chosen places at the same time, then lets them go.

DeadlockFuzzer and RaceFuzzer (Joshi et al., PLDI 2009; Sen, PLDI 2008): who arrives at one of the
places is parked there, while others go on, until all stand there and what they are about to do
conflicts; or until nobody else can go on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple

from racecheck.explore.operations import Operation, dependent
from racecheck.explore.strategies.base import Agent, Decision

VISITS: Final = 3
"""How many visits of a stop are tried as the one at which to park."""

NAPS: Final = 20
"""How often one agent may wake while others are parked: it may be looking for what they would do.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """`stops`: keys of operations before which distinct agents are to stand at the same time."""

    name: str
    stops: tuple[str, ...]


class _Variant(NamedTuple):
    """One way to aim. Parked are visits from `visits[i]` on of stop i.

    `first`: which stop goes first when all stand there. `youngest`: who goes on meanwhile is the
    youngest agent, not the one that ran.
    """

    target: Target
    visits: tuple[int, ...]
    first: int = 0
    youngest: bool = False


@dataclass(slots=True)
class _Run:
    """What happened to a variant. `parked`: who stands where, in order; `order`: who goes next;
    `naps`: how often somebody has woken while only those that are parked could go on.
    """

    variant: _Variant
    parked: dict[str, tuple[Agent, int]] = field(default_factory=dict)
    freed: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    met: bool = False
    most: dict[str, int] = field(default_factory=dict)
    holder: dict[Hashable, str] = field(default_factory=dict)
    last: Operation | None = None
    naps: dict[str, int] = field(default_factory=dict)


class Directed:
    """One schedule for each target, then others with roles exchanged or at later visits.

    `met` says of each target whether all stood at their stops together, about to do what conflicts.
    `seen`: the stops at which anybody stood at all.
    """

    name = "directed"

    def __init__(self, targets: list[Target] | tuple[Target, ...], visits: int = VISITS) -> None:
        self.met = {target.name: False for target in targets}
        self.seen: dict[str, set[str]] = {target.name: set() for target in targets}
        self._visits = visits
        self._todo = deque(_Variant(target, (0,) * len(target.stops)) for target in targets)
        self._known = set(self._todo)
        self._run: _Run | None = None

    def begin(self) -> bool:
        """On to the next variant; what the one before showed may bring others."""
        if self._run is not None:
            self._follow(self._run)
        self._run = _Run(self._todo.popleft()) if self._todo else None
        return self._run is not None

    def _follow(self, run: _Run) -> None:
        variant = run.variant
        stops = variant.target.stops
        if run.met and variant.first == 0 and len(stops) > 1:
            self._try(variant._replace(first=1))
        if not run.met and not variant.youngest:
            self._try(variant._replace(youngest=True))
        if not any(variant.visits) and not variant.first:
            for at, stop in enumerate(stops):
                for visit in range(1, min(self._visits, run.most.get(stop, 0) + 1)):
                    later = tuple(visit if at == other else 0 for other in range(len(stops)))
                    self._try(_Variant(variant.target, later))

    def _try(self, variant: _Variant) -> None:
        if variant not in self._known:
            self._known.add(variant)
            self._todo.append(variant)

    def choose(self, decision: Decision) -> Agent:
        """Somebody who is not parked."""
        run = self._run
        assert run is not None
        _hold(run, decision.agent)
        self._arrive(run, decision)
        chosen = _chosen(run, decision)
        run.last = chosen.pending
        if run.parked.pop(chosen.path, None) is not None:
            run.freed.add(chosen.path)
        return chosen

    def _arrive(self, run: _Run, decision: Decision) -> None:
        """Whoever has just come to stand before one of the stops is parked there."""
        agent, stops = decision.agent, run.variant.target.stops
        run.freed.discard(agent.path)
        key = agent.pending.key
        if key not in stops:
            return
        name = run.variant.target.name
        self.seen[name].add(key)
        run.most[key] = max(run.most.get(key, 0), decision.nth)
        if run.met:
            return
        wanted = zip(stops, run.variant.visits, strict=True)
        if any(stop == key and decision.nth >= visit for stop, visit in wanted):
            run.parked[agent.path] = agent, decision.nth
            if group := _meeting(run):
                run.met = self.met[name] = True
                first = run.variant.first
                run.order = [one.path for one in (*group[first:], *group[:first])]

    def number(self, limit: int) -> int:
        """Always the first."""
        return 0


def _chosen(run: _Run, decision: Decision) -> Agent:
    able = {agent.path: agent for agent in decision.enabled}
    while run.order:
        if (path := run.order.pop(0)) in able:
            return able[path]
    free = [agent for agent in decision.enabled if run.met or agent.path not in run.parked]
    if not free and (sleeper := _sleeper(run, decision)) is not None:
        return sleeper
    if not free:  # Who stood longest is let go; at its next visit of a stop it is parked again.
        return next(agent for path, (agent, _) in run.parked.items() if path in able)
    if decision.agent in free and not run.variant.youngest:
        return decision.agent
    return free[-1 if run.variant.youngest else 0]


def _sleeper(run: _Run, decision: Decision) -> Agent | None:
    """Whoever wakes first: who is parked may be that slow."""
    for agent in decision.late:
        # Why no other: timeouts are meant for what does not come.
        if agent.pending.kind == "sleep" and run.naps.get(agent.path, 0) < NAPS:
            run.naps[agent.path] = run.naps.get(agent.path, 0) + 1
            return agent
    return None


def _hold(run: _Run, agent: Agent) -> None:
    """Remember who has taken which lock by the latest step."""
    last, run.last = run.last, None
    if last is None or last.touches is None or last.kind not in ("acquire", "release"):
        return
    for what, _ in last.touches:
        if last.kind == "release":
            run.holder.pop(what, None)
        elif agent.pending.key != last.key or agent.pending.touches != last.touches:
            run.holder[what] = agent.path


def _meeting(run: _Run) -> list[Agent]:
    """An agent for each stop, all standing there, about to do what conflicts; or nobody."""
    variant = run.variant

    def fill(stops: list[tuple[str, int]], group: list[Agent]) -> list[Agent]:
        if not stops:
            return group if _conflict(run, group) else []
        (key, visit), *others = stops
        for agent, nth in run.parked.values():
            if agent.pending.key == key and nth >= visit and agent not in group:
                if found := fill(others, [*group, agent]):
                    return found
        return []

    return fill([*zip(variant.target.stops, variant.visits, strict=True)], [])


def _conflict(run: _Run, group: list[Agent]) -> bool:
    """Each touches what the others touch; or each wants a lock that another of them has taken."""
    wanted = [agent.pending for agent in group]
    if all(dependent(one, other) for one, other in combinations(wanted, 2)):
        return not all(one.kind == "acquire" for one in wanted) or len(group) == 1
    paths = {agent.path for agent in group}
    return all(
        any(run.holder.get(what, agent.path) in paths - {agent.path} for what, _ in touches)
        for agent in group
        if (touches := agent.pending.touches) is not None
    )
