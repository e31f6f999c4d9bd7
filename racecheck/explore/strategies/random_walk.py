"""Whoever can go on, with the same chance for each."""

from __future__ import annotations

from racecheck.explore.strategies.base import Agent, Decision
from racecheck.explore.strategies.chance import Chance


class RandomWalk:
    """An even choice at every decision. Simple, and the mark that the others have to beat.

    `first`: leave out so many schedules of this seed.
    """

    name = "random"

    def __init__(self, seed: int = 0, schedules: int = 200, first: int = 0) -> None:
        self._seed = seed
        self._schedules = first + schedules
        self._begun = first
        self._chance = Chance(seed)

    def begin(self) -> bool:
        """As often as was asked for."""
        if self._begun >= self._schedules:
            return False
        self._chance = Chance(self._seed, self._begun)
        self._begun += 1
        return True

    def choose(self, decision: Decision) -> Agent:
        """Any of them."""
        enabled = decision.enabled
        return enabled[self._chance.below(len(enabled))] if len(enabled) > 1 else enabled[0]

    def number(self, limit: int) -> int:
        """Any of them."""
        return self._chance.below(limit)
