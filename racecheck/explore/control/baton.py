"""Who can go on, who holds the baton, and what is waited for that is none of our agents' doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from racecheck.explore.bounds import Bounds
from racecheck.explore.control.abroad import has_children
from racecheck.explore.control.agents import Agent
from racecheck.explore.control.before import Before
from racecheck.explore.control.clock import Clock
from racecheck.runtime import pristine
from racecheck.runtime.threads import ThreadState


class Baton:
    """The agents of a run. Only the one that is `running` runs, and what is below is its alone.

    `over`: the run has come to its end, and everybody is to leave; `limit`: which bound ended it.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.clock = Clock()
        self.mutex = pristine.allocate_lock()
        self.agents: list[Agent] = []
        self.before = Before()
        self.running: Agent | None = None
        self.on_deadlock: Callable[[Any], None] = _ignore
        self.active = False
        self.over = False
        self.limit = ""
        self.uncontrolled: dict[str, None] = {}
        self._nobody_since = 0.0, 0.0

    def stop(self, limit: str) -> None:
        """A bound was reached: the run ends here."""
        self.limit = self.limit or limit
        self.over = True

    def agent_of(self, state: ThreadState) -> Agent | None:
        """The agent of a thread that holds something, if it is one of this run."""
        return next((one for one in self.agents if one.ident == state.ident), None)

    def _enabled(self) -> list[Agent]:
        now = self.clock.now
        return [
            one
            for one in self.agents
            if not one.away
            and (
                one.ready is None
                or (one.deadline is not None and one.deadline <= now)
                or one.ready()
            )
        ]

    def _later(self) -> list[Agent]:
        """Nobody can go on now: time passes until the next deadline."""
        deadlines = [one.deadline for one in self.agents if one.deadline is not None]
        if not deadlines or self._elsewhere(timed=True):
            return []
        self.clock.jump(min(deadlines))
        return self._enabled()

    def _late(self, enabled: list[Agent]) -> tuple[Agent, ...]:
        """Those that sleep, or wait for a time, in the order in which it is over."""
        now = self.clock.now
        found = [
            (one.deadline, at, one)
            for at, one in enumerate(self.agents)
            if one.deadline is not None and one.deadline > now and one not in enabled
            if not one.away
        ]
        return tuple(one for _, _, one in sorted(found)) if found else ()

    def _passes_until(self, agent: Agent) -> bool:
        """Time passes though others could go on, unless it is real."""
        if self._elsewhere(timed=True):
            return False
        self.clock.jump(agent.deadline or 0.0)
        return True

    def _nobody(self) -> Agent | None:
        """All wait: for what is not ours, or it is a deadlock."""
        if self._elsewhere(timed=False) or any(one.deadline is not None for one in self.agents):
            # Why deadlines: they are still there only if `_later` found time to be real.
            return None
        self.on_deadlock(self)
        self.over = True
        return self.agents[0]

    def _elsewhere(self, *, timed: bool) -> bool:
        """Whether somebody waits for what others than our agents do: then time is real."""
        for one in self.agents:
            if one.abroad is not None and one.abroad(timed):
                self.note(f"{one.label} waited for something from outside{_at(one.pending.place)}")
                return True
        if name := self.before.busy():
            self.note(f"{name}, a thread from before the run, may do what was waited for")
            return True
        if timed and has_children(self.before.children):
            self.note("child processes ran, so time was real")
            return True
        return any(one.away for one in self.agents)

    def _hand_over(self, chosen: Agent | None) -> None:
        self.running = chosen
        if chosen is None:
            self._nobody_since = pristine.monotonic(), self.clock.now
        if chosen is not None:
            chosen.streak = 0
            chosen.gate.release()

    def note(self, text: str) -> None:
        """Something was outside our control."""
        if len(self.uncontrolled) < self.bounds.notes:
            self.uncontrolled[text] = None

    def rescue(self, place: str, seconds: float) -> None:
        """The running agent waits for something that we do not control: let others go on.

        It does so for at least some seconds of real time, which pass for the program as well.
        """
        with self.mutex:
            agent = self.running
            if agent is None or agent.ended or agent.outside or self.over:
                # Why outside: it waits for a thread that the system has not yet begun to run.
                return
            self.clock.jump(self.clock.now + seconds)
            self.note(f"{agent.label} waited outside of our control{_at(place)}")
            enabled = [one for one in self._enabled() if one is not agent]
            if not enabled and agent.path == "0" and len(self.agents) == 1:
                return
            agent.away = True
            self._hand_over(enabled[0] if enabled else None)

    def look_again(self) -> None:
        """Nobody runs, and time is real: has what somebody waits for come from outside?"""
        with self.mutex:
            if self.running is not None or not self.active:
                return
            if self.over:
                main = self.agents[0]
                if main.deciding and not main.away:
                    # Why: who would have handed it the baton was away, and has left.
                    self._hand_over(main)
                return
            began, then = self._nobody_since
            passed = pristine.monotonic() - began
            self.clock.jump(then + passed)
            enabled = self._enabled()
            if not enabled and passed > self.bounds.away_seconds:
                self.stop(f"nothing came from outside for {self.bounds.away_seconds:g} s")
                enabled = [one for one in self.agents if not one.away][:1]
            if enabled:
                self._hand_over(enabled[0])


def _at(place: str) -> str:
    return f" at {place}" if place else ""


def _ignore(_: object) -> None:
    pass
