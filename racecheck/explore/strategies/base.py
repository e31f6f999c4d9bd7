"""What a strategy is: an oracle that is asked who goes on (as in shuttle and Fray).

The controller runs one agent at a time. Wherever an agent is about to do something that others can
see, it asks the strategy which of those that could go on does so. A strategy sees only this file's
types, so that it can be tried on a machine made of lists (`tests/explore/machine.py`).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from racecheck.explore.operations import Operation


class Agent(Protocol):
    """A thread or an asyncio task, as strategies see it.

    `path` says how it came to be and is the same in every run that came the same way: "0" is the
    main thread, "0.2" the second thread that it started, "0.2/3" the third task that was made there
    outside of any task, "0.2/3/1" the first one that this task made.
    `pending`: what it does next when it is chosen.
    """

    @property
    def path(self) -> str:
        """Its name in schedules."""

    @property
    def pending(self) -> Operation:
        """What it is about to do."""


class Decision(NamedTuple):
    """A moment at which somebody is to be chosen.

    `step` counts decisions of the run, from 0. `agent` made the last step and stands before
    `agent.pending`, or cannot go on there (then it is not among `enabled`), or has ended. `nth`:
    how often it has stood at this operation's key before, from 0. `enabled`, in the order in which
    they came to be, is never empty. An agent that polls for something is left out for one decision
    if others are enabled. Among the tasks of a loop (they are asked for apart) `agent` is the one
    that goes on by default: who overtook before, else who has been ready the longest, which is also
    the order of `enabled`. `late`: those that sleep, or wait for a time; whoever of them is
    chosen finds it over, as if the others had been slow.
    """

    step: int
    agent: Agent
    nth: int
    enabled: tuple[Agent, ...]
    late: tuple[Agent, ...] = ()


class Strategy(Protocol):
    """Who is next. One object serves all schedules of an exploration, one after another."""

    name: str

    def begin(self) -> bool:
        """Another schedule is about to run; False: there is nothing left to try."""

    def choose(self, decision: Decision) -> Agent | None:
        """One of `decision.enabled` or `late`; None: the rest of it can show nothing new."""

    def number(self, limit: int) -> int:
        """A choice of another kind, from 0 to below `limit`."""


def steady(decision: Decision) -> Agent:
    """Who goes on by default: the agent that runs, if it can; else the eldest that can."""
    return decision.agent if can_go_on(decision) else decision.enabled[0]


def can_go_on(decision: Decision) -> bool:
    """Whether the agent that made the last step can make another, and not for want of time."""
    return decision.agent in decision.enabled and decision.agent not in decision.late
