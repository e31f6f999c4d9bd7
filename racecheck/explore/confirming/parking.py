"""Directed at one target, with an eye on what kept the others away.

Whenever an agent that is parked at a stop has to be let go because nobody else can go on, there is
a reason why the other stop was not reached meanwhile: a lock that the parked one holds, an order
(the other has not begun, or has ended, or waits for this one), or that both stood there and touched
different objects. A finding is refuted, for a test, if there is such a reason each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from racecheck.explore.confirming.notes import Notes
from racecheck.explore.control.agents import Agent as Thread
from racecheck.explore.control.controller import Controller
from racecheck.explore.operations import dependent
from racecheck.explore.strategies.base import Agent, Decision
from racecheck.explore.strategies.directed import Directed, Target
from racecheck.runtime.naming import lock_name
from racecheck.runtime.threads import ThreadState, threads

LOCK: Final = "lock"
ORDER: Final = "order"
OBJECT: Final = "object"
UNKNOWN: Final = "unknown"
"""Kinds of reasons. The last is none."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody could not come, in words; `parked` says where the other stood meanwhile."""

    kind: str
    text: str
    parked: str = ""


class Parking(Directed):
    """`reasons`: what was seen in all of its runs, each once, in order.

    `first`: the path of an agent that goes on before others wherever it can, so that it is the one
    to be parked: that it can come while another is held says nothing of the other way round.
    """

    def __init__(
        self,
        target: Target,
        controller: Controller,
        notes: Notes,
        *,
        first: str = "",
        visits: int = 2,
    ) -> None:
        super().__init__([target], visits)
        self._first = first
        self.reasons: dict[Reason, None] = {}
        self._stops = target.stops
        self._controller = controller
        self._notes = notes
        self._took: dict[tuple[str, Any], str] = {}
        self._alive: set[str] = set()

    def begin(self) -> bool:
        """Another variant."""
        self._took, self._alive = {}, set()
        return super().begin()

    def choose(self, decision: Decision) -> Agent:
        """As the others do; whoever is let go, is looked at."""
        self._alive.add(decision.agent.path)
        pending = decision.agent.pending
        if pending.key in self._stops:
            self._notes.stands(decision.agent)
        if pending.kind == "acquire" and pending.touches:
            self._took[decision.agent.path, pending.touches[0][0]] = pending.place
        chosen = super().choose(decision)
        run = self._run
        assert run is not None
        if chosen.path in run.freed and not run.met:
            standing = [agent for agent, _ in run.parked.values()]
            self.reasons[self._why(chosen, standing)] = None
        elif not run.met:
            return self._favoured(chosen, decision)
        return chosen

    def _favoured(self, chosen: Agent, decision: Decision) -> Agent:
        run = self._run
        assert run is not None
        for agent in decision.enabled:
            if agent.path == self._first and agent.path not in run.parked:
                run.last = agent.pending
                return agent
        return chosen

    def _why(self, chosen: Agent, standing: list[Agent]) -> Reason:
        """What is to be said of the other agents that could come to the other stop."""
        parked = chosen.pending.place
        key = chosen.pending.key
        stops = [stop for stop in self._stops if stop != key] or [key]
        wanted = {path for stop in stops for path in self._notes.keys.get(stop, ())} - {chosen.path}
        here = {one.path: one for one in self._controller.agents}
        if any("/" in path for path in self._notes.trails):
            return Reason(UNKNOWN, "tasks of one loop are not parked", parked)
        others = [one for one in standing if one.path in wanted]
        if others:
            return self._stood(chosen, others[0], parked)
        blocked = [here[path] for path in wanted if path in here]
        found = [self._waits(chosen, one, parked) for one in blocked]
        for kind in (UNKNOWN, LOCK, ORDER):
            for one in found:
                if one.kind == kind:
                    return one
        return self._absent(chosen, wanted, parked)

    def _stood(self, chosen: Agent, other: Agent, parked: str) -> Reason:
        """Both stand there."""
        if dependent(chosen.pending, other.pending):
            return Reason(UNKNOWN, "both stood there and want the same", parked)
        text = f"{_name(chosen)} and {_name(other)} stood there together, before different objects"
        return Reason(OBJECT, text, parked)

    def _waits(self, chosen: Agent, other: Thread, parked: str) -> Reason:
        """The other is alive and cannot go on."""
        state = next((s for s in threads.alive.values() if s.ident == other.ident), None)
        wait: Any = state.waiting if state is not None else None
        where = f" at {other.pending.place}" if other.pending.place else ""
        if wait is None or other.deadline is not None:
            return Reason(UNKNOWN, f"{_name(other)} waits for the time{where}", parked)
        owner = getattr(wait.target, "owner", None)
        if wait.kind == "lock" and isinstance(owner, ThreadState):
            holder = self._controller.agent_of(owner)
            if holder is None:
                return Reason(UNKNOWN, f"{_name(other)} waits for a lock{where}", parked)
            since = self._took.get((holder.path, id(wait.target)), "")
            text = f"{_name(other)} waits for {_lock(wait.target)}{where}, which {_name(holder)} "
            text += f"holds since {since}" if since else "holds"
            return Reason(LOCK, text, parked)
        if wait.kind == "join":
            return Reason(ORDER, f"{_name(other)} waits for the end of another{where}", parked)
        return Reason(ORDER, f"{_name(other)} waits ({wait.kind}){where}", parked)

    def _absent(self, chosen: Agent, wanted: set[str], parked: str) -> Reason:
        """Nobody who could come there is alive."""
        gone = sorted(path for path in wanted if path in self._alive)
        late = sorted(path for path in wanted if path not in self._alive)
        names = self._notes.names
        if gone and not late:
            text = f"{names.get(gone[0], 'the other')} has ended before {_name(chosen)} comes there"
            return Reason(ORDER, text, parked)
        if late and not gone:
            text = f"{names.get(late[0], 'the other')} is started after {_name(chosen)} was there"
            return Reason(ORDER, text, parked)
        return Reason(UNKNOWN, "the others had ended, or not begun", parked)


def _name(agent: Agent) -> str:
    return str(getattr(agent, "label", agent.path))


def _lock(lock: Any) -> str:
    try:
        name = lock_name(lock)
    except Exception:
        return "a lock"
    return name if " " in name else f"`{name}`"
