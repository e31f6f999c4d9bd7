"""Probabilistic concurrency testing: a random order of agents, changed at a few random moments.

Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
Guarantees of Finding Bugs", ASPLOS 2010. A bug that needs `depth` orderings between the events of
n agents is met by each schedule with a chance of at least 1 / (n k^(depth - 1)), where k counts
the steps at which there is a choice.
"""

from __future__ import annotations

from typing import Final

from racecheck.explore.strategies.base import Agent, Decision
from racecheck.explore.strategies.chance import Chance

_FIRST_GUESS: Final = 16
_PATIENCE: Final = 100


class PCT:
    """Runs the agent with the highest priority; at `depth - 1` moments it becomes the lowest.

    `steps`: how many choices a run has, at most; 0: learn it from the runs so far, and `guess`
    until then. `first`: leave out so many schedules of this seed. An agent that was chosen a
    hundred times in a row while others could go on is taken to be waiting for one of them: it
    becomes the lowest, too (fairness as in Musuvathi and Qadeer, PLDI 2008).
    """

    name = "pct"

    def __init__(
        self,
        depth: int = 2,
        steps: int = 0,
        seed: int = 0,
        schedules: int = 200,
        first: int = 0,
        guess: int = 0,
    ) -> None:
        self.depth = depth
        self.steps = steps or guess
        self._learn = steps == 0
        self._seed = seed
        self._schedules = first + schedules
        self._begun = first
        self._agents = 1
        self._at = 0
        self._row = 0
        self._chance = Chance(seed)
        self._priorities: dict[str, float] = {}
        self._changes: set[int] = set()

    @property
    def odds(self) -> int:
        """A bug of this depth is met by a schedule with a chance of at least 1 in `odds`."""
        return int(self._agents * max(self.steps, 1) ** (self.depth - 1))

    def begin(self) -> bool:
        """Draw the moments of change."""
        self._learned()
        if self._begun >= self._schedules:
            return False
        chance = self._chance = Chance(self._seed, self._begun)
        self._begun += 1
        self._at = self._row = 0
        self._priorities = {}
        steps = self.steps or _FIRST_GUESS
        self._changes = {chance.below(steps) for _ in range(self.depth - 1)}
        return True

    def _learned(self) -> None:
        self._agents = max(self._agents, len(self._priorities))
        if self._learn:
            self.steps = max(self.steps, self._at)

    def choose(self, decision: Decision) -> Agent:
        """The one with the highest priority."""
        enabled = decision.enabled
        best = self._best(enabled)
        if len(enabled) == 1:
            self._row = 0
            return best
        self._row = self._row + 1 if best is decision.agent else 0
        if self._at in self._changes or self._row >= _PATIENCE:
            # Why the negative step: lower than whatever was lowered before.
            self._priorities[best.path] = -1.0 - decision.step
            self._row = 0
            best = self._best(enabled)
        self._at += 1
        return best

    def _best(self, enabled: tuple[Agent, ...]) -> Agent:
        for agent in enabled:
            if agent.path not in self._priorities:
                self._priorities[agent.path] = self._chance.fraction()
        return max(enabled, key=lambda agent: self._priorities[agent.path])

    def number(self, limit: int) -> int:
        """Any of them."""
        return self._chance.below(limit)
