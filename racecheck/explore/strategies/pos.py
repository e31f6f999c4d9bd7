"""Partial order sampling: a random priority for each event, drawn anew when it lost a race.

Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018. A random walk favours
orders that many interleavings share; here those that differ in races are met more evenly.
"""

from __future__ import annotations

from racecheck.explore.operations import dependent
from racecheck.explore.strategies.base import Agent, Decision
from racecheck.explore.strategies.chance import Chance


class POS:
    """Runs the event with the highest priority, then draws anew for those that depend on it.

    `first`: leave out so many schedules of this seed.
    """

    name = "pos"

    def __init__(self, seed: int = 0, schedules: int = 200, first: int = 0) -> None:
        self._seed = seed
        self._schedules = first + schedules
        self._begun = first
        self._chance = Chance(seed)
        self._priorities: dict[str, float] = {}

    def begin(self) -> bool:
        """As often as was asked for."""
        if self._begun >= self._schedules:
            return False
        self._chance = Chance(self._seed, self._begun)
        self._begun += 1
        self._priorities = {}
        return True

    def choose(self, decision: Decision) -> Agent:
        """The one whose event has the highest priority."""
        priorities = self._priorities
        for agent in decision.enabled:
            if agent.path not in priorities:
                priorities[agent.path] = self._chance.fraction()
        best = max(decision.enabled, key=lambda agent: priorities[agent.path])
        del priorities[best.path]
        for agent in decision.enabled:
            if agent is not best and dependent(best.pending, agent.pending):
                del priorities[agent.path]
        return best

    def number(self, limit: int) -> int:
        """Any of them."""
        return self._chance.below(limit)
