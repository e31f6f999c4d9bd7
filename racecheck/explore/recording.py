"""A strategy around a strategy, that keeps what it chose; and whether two runs were alike."""

from __future__ import annotations

from typing import NamedTuple

from racecheck.core.schedule import Pick, Schedule, Switch
from racecheck.explore.strategies.base import Agent, Decision, Strategy, steady


class Made(NamedTuple):
    """A decision as it was made. `forced`: the agent could have gone on and was not let."""

    agent: str
    key: str
    nth: int
    to: str
    enabled: tuple[str, ...]
    default: str

    @property
    def forced(self) -> bool:
        """Whether this was a preemption."""
        return self.to != self.agent and self.agent in self.enabled


class Recording:
    """Keeps every decision of the latest schedule."""

    def __init__(self, inner: Strategy) -> None:
        self.inner = inner
        self.name = inner.name
        self.numbers: list[int] = []
        self._kept: list[tuple[str, Decision, Agent]] = []

    def begin(self) -> bool:
        """Forget the schedule before."""
        self._kept, self.numbers = [], []
        return self.inner.begin()

    def choose(self, decision: Decision) -> Agent | None:
        """Whom the strategy chooses."""
        # Why first: what it was about to do is gone once it was chosen.
        key = decision.agent.pending.key
        chosen = self.inner.choose(decision)
        if chosen is not None:
            self._kept.append((key, decision, chosen))
        return chosen

    @property
    def made(self) -> list[Made]:
        """The decisions, in order. Put into words only when somebody asks."""
        return [
            Made(
                decision.agent.path,
                key,
                decision.nth,
                chosen.path,
                tuple(other.path for other in decision.enabled),
                steady(decision).path,
            )
            for key, decision, chosen in self._kept
        ]

    def number(self, limit: int) -> int:
        """What the strategy chooses."""
        value = self.inner.number(limit)
        self.numbers.append(value)
        return value

    @property
    def switches(self) -> int:
        """How often another agent went on than the one that ran."""
        return sum(made.to != made.agent for made in self.made)

    @property
    def forced(self) -> int:
        """How often of those the one that ran could have gone on."""
        return sum(made.forced for made in self.made)

    def schedule(self, target: str = "") -> Schedule:
        """What was done otherwise than by default."""
        switches = (
            Switch(decision.agent.path, key, decision.nth, chosen.path)
            for key, decision, chosen in self._kept
            # Why the first: it mostly is, and that is quickly seen.
            if chosen is not decision.agent or chosen in decision.late
            if chosen is not steady(decision)
        )
        picks = (Pick(nth, value) for nth, value in enumerate(self.numbers) if value)
        return Schedule(tuple(switches), target, tuple(picks))


def same(one: Recording, other: Recording) -> str | None:
    """None if the two runs of one schedule were alike, else the first difference, in a sentence."""
    for step, (first, second) in enumerate(zip(one.made, other.made, strict=False), 1):
        if first != second:
            return f"at step {step} {_difference(first, second)}"
    if len(one.made) != len(other.made):
        longer, which = (one, "first") if len(one.made) > len(other.made) else (other, "second")
        shorter = min(len(one.made), len(other.made))
        made = longer.made[shorter]
        return (
            f"the {which} run goes on after step {shorter}, where the other ends: {_standing(made)}"
        )
    if one.numbers != other.numbers:
        return "the two runs asked for other numbers of choices"
    return None


def _standing(made: Made) -> str:
    times = f", met {made.nth} times before" if made.nth else ""
    return f"{made.agent} stood before '{made.key.strip()}'{times}"


def _difference(first: Made, second: Made) -> str:
    if first[:3] != second[:3]:
        return f"{_standing(first)}; the second time {_standing(second)}"
    if first.enabled != second.enabled:
        only = sorted(set(first.enabled) ^ set(second.enabled))
        if not only:
            return f"agents came to be in another order: {first.enabled}, then {second.enabled}"
        when = "the first time only" if only[0] in first.enabled else "the second time only"
        return f"{only[0]} could go on {when}, while {_standing(first)}"
    return f"{first.to} went on, the second time {second.to}, while {_standing(first)}"
