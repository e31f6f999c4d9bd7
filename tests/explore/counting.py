"""A strategy around a strategy: it counts over all schedules what the other does."""

from __future__ import annotations

from racecheck.explore.strategies.base import Agent, Decision, Strategy


class Counting:
    """Counts over all schedules: what is said of an exploration."""

    def __init__(self, inner: Strategy) -> None:
        self.inner = inner
        self.name = inner.name
        self.schedules = 0
        self.steps = 0
        self.decisions = 0
        self.preemptions = 0
        self.widest = 0
        self.longest = 0
        self._run = 0

    def begin(self) -> bool:
        """One more, if the strategy has one."""
        self._run = 0
        begun = self.inner.begin()
        self.schedules += begun
        return begun

    def choose(self, decision: Decision) -> Agent | None:
        """Whom the strategy chooses. `longest`: most decisions of one schedule with a choice."""
        chosen = self.inner.choose(decision)
        if chosen is None:
            return None
        self.steps += 1
        self.widest = max(self.widest, len(decision.enabled))
        if len(decision.enabled) > 1:
            self.decisions += 1
            self._run += 1
            self.longest = max(self.longest, self._run)
            if chosen is not decision.agent and decision.agent in decision.enabled:
                self.preemptions += 1
        return chosen

    def number(self, limit: int) -> int:
        """What the strategy chooses."""
        return self.inner.number(limit)
