"""One thread at a time: who holds the baton, where it may change hands, and how a run ends.

As in Fray (OOPSLA 2025) the primitives are the real ones: an agent that cannot have what it wants
stands aside with a question ("is that lock free now?") which is asked again at every decision. So a
lock that was released by a thread or by C code that we know nothing of is found free all the same.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Hashable
from typing import Any, Final

from racecheck.explore.bounds import Bounds
from racecheck.explore.control.agents import Agent
from racecheck.explore.control.baton import Baton
from racecheck.explore.operations import NOTHING, Operation, Touches
from racecheck.explore.places import places
from racecheck.explore.strategies.base import Decision, Strategy, steady
from racecheck.explore.telling.watch import Watch
from racecheck.runtime import pristine
from racecheck.runtime.waits import Abandoned

STREAK: Final = 200
"""Steps of one agent after which it has to let others pass: it may be waiting for them."""

# Why: a named tuple's own way to be made costs another call, and this is done at each step.
_new: Final[Callable[..., Any]] = tuple.__new__


class Local(threading.local):
    """Where a thread finds its agent."""

    agent: Agent | None = None


class Controller(Baton):
    """Runs one body after another, each under a schedule.

    `ticks` grows with every step, so that the monitor sees whether anything moves. `tried`: where
    locks are made that somebody tries without waiting for them, so that their release matters;
    `trying`: the same, learned in the present run for the next one.
    """

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.local = Local()
        self.tried: set[Hashable] = set()
        self.trying: set[Hashable] = set()
        self.at_begin: list[Callable[[], None]] = []
        self.at_end: list[Callable[[], None]] = []
        self.watch: Watch | None = None
        self._strategy: Strategy = _STEADY
        self._clear()

    def _clear(self) -> None:
        self.agents.clear()
        self.running = None
        self.over = self.leaving = False
        self.pruned = False
        self.limit = ""
        self.uncontrolled = {}
        self.ticks = 0
        self.steps = 0
        self.decisions = 0
        self.widest = 1
        self.forced = 0
        self.threads = 1

    # -- a run

    def begin(self, strategy: Strategy, name: str) -> Agent:
        """The calling thread is the main agent of a new run."""
        self._clear()
        for told in self.at_begin:
            told()
        self.clock.reset()
        self.before.begin()
        main = Agent("0", name)
        main.ident, main.native = pristine.get_ident(), threading.get_native_id()
        self._strategy = strategy
        self.local.agent = main
        self.agents.append(main)
        self.running = main
        self.active = True
        return main

    def finish(self) -> None:
        """The run is over; the calling thread is its main agent, and the last."""
        self.active = False
        self.running = None
        self.local.agent = None
        for told in self.at_end:
            told()

    def me(self) -> Agent | None:
        """The agent of the calling thread, if that is under control now."""
        agent = self.local.agent
        return agent if agent is not None and self.active and not agent.outside else None

    # -- what an agent calls

    def point(self, kind: str, place: str, touches: Touches | None, polls: bool = False) -> None:
        """The calling agent is about to do something that others can see."""
        agent = self.local.agent
        if agent is None or agent.quiet or agent.outside or not self.active:
            return
        if self.over:
            self._leave(agent)
            return
        agent.pending = _new(Operation, (kind, place, touches))
        agent.polling = polls
        self._decide(agent)
        if self.watch is not None:
            self.watch.goes(agent)

    def wait(
        self,
        ready: Callable[[], bool],
        timeout: float | None,
        operation: Operation,
        abroad: Callable[[bool], bool] | None = None,
    ) -> bool:
        """The calling agent cannot go on before `ready()`; False if the time was over first."""
        agent = self.local.agent
        assert agent is not None
        if self.over:
            raise Abandoned("the run is over")
        agent.pending = operation
        agent.deadline = None if timeout is None else self.clock.now + max(timeout, 0.0)
        agent.timeout = timeout
        agent.ready = ready
        agent.abroad = abroad
        try:
            self._decide(agent)
            if self.watch is not None and not self.over:
                self.watch.goes(agent)
            return bool(ready())
        finally:
            agent.ready = agent.deadline = agent.abroad = None

    def pick(self, agent: Agent, enabled: tuple[Agent, ...], nth: int) -> Agent:
        """Which task of the calling agent's loop goes on; `agent` does by default."""
        me = self.local.agent
        assert me is not None
        self.ticks += 1
        self.steps += 1
        me.steps += 1
        self._bound(me)
        if len(enabled) > 1:
            self.decisions += 1
            self.widest = max(self.widest, len(enabled))
        me.quiet += 1  # as in _decide
        try:
            chosen = self._ask(Decision(self.steps - 1, agent, nth, enabled))
        finally:
            me.quiet -= 1
        if self.watch is not None:
            self.watch.goes(chosen)
        return chosen

    # -- threads

    def expect(self, parent: Agent, name: str, daemon: bool) -> Agent:
        """`parent` is about to start a thread."""
        child = Agent(parent.child_path(), name, daemon=daemon)
        self.threads += 1
        if len(self.agents) >= self.bounds.threads:
            self.stop(f"more than {self.bounds.threads} threads at once")
        return child

    def arrive(self, agent: Agent) -> None:
        """The calling thread is the one of `agent`: it waits to be chosen."""
        agent.ident, agent.native = pristine.get_ident(), threading.get_native_id()
        self.local.agent = agent
        agent.gate.acquire()
        if self.over:
            raise Abandoned("the run is over")

    def add(self, child: Agent) -> None:
        """The thread of `child` has arrived; it can be chosen from now on."""
        self.agents.append(child)

    def end(self, agent: Agent) -> None:
        """The calling thread has run its last line."""
        with self.mutex:
            if agent not in self.agents:
                return  # it was given up, in a run that may be over for long
            agent.ended = True
            self.agents.remove(agent)
            agent.pending = NOTHING
            self.ticks += 1
            if self.watch is not None and not self.over:
                self.watch.ended(agent)
            was_running = self.running is agent
        self.local.agent = None
        if was_running:
            self._pass_on(agent)

    # -- decisions

    def _decide(self, agent: Agent) -> None:
        """Choose who goes on; returns once that is `agent` again."""
        agent.quiet += 1  # a finalizer that runs in here decides nothing
        agent.deciding = True
        try:
            with self.mutex:
                if self._has_baton(agent):
                    goes_on = self._choose(agent)
                    if goes_on is not agent:
                        self._hand_over(goes_on)
                else:
                    goes_on = None
            if goes_on is not agent:
                agent.gate.acquire()
        finally:
            agent.deciding = False
            agent.quiet -= 1
        if self.over:
            self._leave(agent)

    def _leave(self, agent: Agent) -> None:
        """The run is over: whoever is not the main agent, or cannot go on, gives up."""
        if agent.path != "0" or agent.ready is not None or self.limit:
            raise Abandoned("the run is over")

    def _has_baton(self, agent: Agent) -> bool:
        """Not so if it was away, and others have gone on meanwhile."""
        if self.running is None:
            self.running = agent
        agent.away = False
        return self.running is agent

    def _choose(self, agent: Agent) -> Agent | None:
        """Who goes on after `agent` has come to a stand; None: all wait for what is away."""
        self.ticks += 1
        self.steps += 1
        nth = agent.visit()
        if self.watch is not None:
            self.watch.stands(agent)
        self._bound(agent)
        return self._next(agent, nth)

    def _bound(self, agent: Agent) -> None:
        """A run of too many steps ends with this one."""
        if self.steps > self.bounds.steps:
            self.stop(f"more than {self.bounds.steps:,} steps")
            self._leave(agent)

    def _next(self, agent: Agent, nth: int) -> Agent | None:
        enabled = self._enabled() or self._later()
        if not enabled:
            return self._nobody()
        late = self._late(enabled) if len(enabled) < len(self.agents) else ()
        if len(enabled) == 1:
            agent.streak = 0
            # Why asked all the same: a strategy that reasons about orders must see every step.
            return self._ask(_new(Decision, (self.steps - 1, agent, nth, tuple(enabled), late)))
        self.decisions += 1
        if self.widest < len(enabled):
            self.widest = len(enabled)
        patient = self._patient(agent, enabled)
        return self._ask(_new(Decision, (self.steps - 1, agent, nth, patient, late)))

    def _ask(self, decision: Decision) -> Agent:
        agent: Any = decision.agent
        chosen: Any = self._strategy.choose(decision)
        if chosen is None:
            self.pruned = True
            self._strategy = _STEADY
            chosen = steady(decision)
        if chosen is not agent and agent in decision.enabled:
            if places.importing():
                # Why: it holds the lock of a module, which no other thread waits for under control.
                return decision.agent  # type: ignore[return-value]
            self.forced += 1
        if chosen in decision.late and not self._passes_until(chosen):
            chosen = steady(decision)
        if self.watch is not None:
            self.watch.chosen(decision, chosen)
        goes_on: Agent = chosen
        return goes_on

    def _patient(self, agent: Agent, enabled: list[Agent]) -> tuple[Agent, ...]:
        """Without the one that looks for something over and over, since others must bring it."""
        agent.streak += 1
        in_vain = False
        if agent.polling:
            looks = agent.pending.key, self.others(agent)
            in_vain = agent.polled == looks
            agent.polled = looks
        if in_vain or agent.streak % STREAK == 0:
            return tuple(one for one in enabled if one is not agent)
        return tuple(enabled)

    def others(self, agent: Agent) -> int:
        """Steps that were not those of `agent`."""
        return self.steps - agent.steps

    def _pass_on(self, agent: Agent) -> None:
        """The agent has ended: somebody else goes on."""
        with self.mutex:
            if self.over:
                chosen: Agent | None = self.agents[0] if self.agents else None
            else:
                self.steps += 1
                chosen = self._next(agent, agent.visit())
            self._hand_over(chosen)

    def dismiss(self, main: Agent, patience: float) -> list[Agent]:
        """The run is over: all others leave, one after another; those that do not are returned."""
        try:
            with self.mutex:
                self.over = self.leaving = True
            for _ in range(2):
                # Why a loop: what was to be raised here and has not been yet, is now. To take it
                # back leaves CPython 3.11 hanging under a trace function.
                pass
        except Abandoned:
            self.over = self.leaving = True
        lost = []
        while len(self.agents) > 1:
            other = self.agents[-1]
            with self.mutex:
                self._hand_over(other)
            if main.gate.acquire(True, patience):
                continue
            interrupt(other.ident)
            if not main.gate.acquire(True, patience):
                with self.mutex:
                    lost.append(other)
                    other.outside += 1
                    self.running = main
                    if other in self.agents:
                        self.agents.remove(other)
        self.running = main
        return lost

    def interrupt_running(self) -> None:
        """The run has been told to end, and has not: raise Abandoned in whoever runs."""
        with self.mutex:
            # Why not later: whoever lets the others leave must come to its end.
            if self.running is not None and not self.leaving:
                interrupt(self.running.ident)


def interrupt(ident: int) -> None:
    """Raise Abandoned in a thread that comes to no stand, at its next instruction in Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(Abandoned))


class _Steady:
    name = "steady"

    def begin(self) -> bool:
        return True

    def choose(self, decision: Decision) -> Any:
        return steady(decision)

    def number(self, limit: int) -> int:
        return 0


_STEADY: Final = _Steady()
