"""Around a strategy: who waits for a time may find it over, though others could go on.

A wait with a timeout says that the program copes with others being slow. By default time is
patient: it passes when nobody can go on. Here those that wait for a time are among the ones that
can be chosen, and whoever is chosen of them has waited long enough.
"""

from __future__ import annotations

from typing import Final

from racecheck.explore.strategies.base import Agent, Decision, Strategy

TIMES: Final = 20
"""How often one agent of a run may find its time over: it may be looking for what others bring."""

CHOOSERS: Final = frozenset({"dfs", "pct", "pos", "random"})
"""Strategies that try what there is; the others know themselves whom they want."""


class Early:
    """One run of a strategy that has begun."""

    def __init__(self, inner: Strategy) -> None:
        self.inner = inner
        self.name = inner.name
        self._times: dict[str, int] = {}

    def begin(self) -> bool:
        """As the other does."""
        self._times = {}
        return self.inner.begin()

    def choose(self, decision: Decision) -> Agent | None:
        """Whom the other chooses of all that can go on or find their time over."""
        if not decision.late:
            return self.inner.choose(decision)
        late = tuple(one for one in decision.late if self._times.get(one.path, 0) < TIMES)
        enabled = (*decision.enabled, *late)
        chosen = self.inner.choose(decision._replace(enabled=enabled, late=late))
        if chosen in late:
            self._times[chosen.path] = self._times.get(chosen.path, 0) + 1
        return chosen

    def number(self, limit: int) -> int:
        """What the other chooses."""
        return self.inner.number(limit)
