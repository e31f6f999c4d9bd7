"""Threads: a new one waits before its first line; who joins one waits until its last has run."""

from __future__ import annotations

import _thread
import threading
from typing import Any

from racecheck.explore.control.agents import Agent
from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Make, Original, at
from racecheck.explore.operations import Operation
from racecheck.explore.places import places
from racecheck.runtime import pristine
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.interpose.threading import join_really, states
from racecheck.runtime.locks import INTERNALS
from racecheck.runtime.threads import current, threads
from racecheck.runtime.waits import Wait

GONE = 1.0
"""Real seconds that a thread is given for what comes after its last line."""


def install(patches: Patches, controller: Controller) -> None:
    """Replace what starts, runs, joins and asks for threads."""
    known = Known(controller)
    thread = threading.Thread
    patches.method(thread, "start", _start(controller, known))
    patches.method(thread, "_bootstrap_inner", _bootstrap_inner(controller, known))
    patches.method(thread, "join", _join(controller, known))
    patches.method(thread, "is_alive", _is_alive(controller, known))
    patches.function(_thread, "start_new_thread", _start_new_thread(controller))


class Started(threading.Event):
    """What tells that a thread has begun. Who starts one waits for real, and nobody else asks."""

    _begun: Any
    _flag: bool

    @classmethod
    def of(cls, thread: Any) -> None:
        """Make one of it, if the thread has the usual one: a lock does instead of a condition."""
        event = thread._started
        if type(event) is threading.Event:
            begun = vars(event)["_begun"] = pristine.allocate_lock()
            begun.acquire()
            event.__class__ = cls

    def is_set(self) -> bool:
        """As in `threading.Event`, as the others are."""
        return self._flag

    def set(self) -> None:
        """Once: the thread has begun."""
        if not self._flag:
            self._flag = True
            self._begun.release()

    def wait(self, timeout: float | None = None) -> bool:
        """For whoever starts the thread."""
        if not self._flag and self._begun.acquire(True, -1 if timeout is None else timeout):
            self._begun.release()
        return self._flag


class Known:
    """Agents of thread objects of the present run."""

    def __init__(self, controller: Controller) -> None:
        self._agents: dict[int, Agent] = {}
        controller.at_begin.append(self._agents.clear)
        controller.at_end.append(self._gone)

    def add(self, thread: Any, agent: Agent) -> None:
        """`thread` is started as `agent`."""
        agent.thread = thread
        self._agents[id(thread)] = agent

    def get(self, thread: Any) -> Agent | None:
        """The agent, if the thread is one of this run."""
        agent = self._agents.get(id(thread))
        return agent if agent is not None and agent.thread is thread else None

    def joined(self, thread: Any) -> None:
        """Somebody has seen that it ended. That it is gone for the system as well can wait."""
        state = states.get(thread)
        if state is not None:
            threads.join(current(), state)

    def _gone(self) -> None:
        """The run is over: its threads are to be gone before the next one."""
        for agent in self._agents.values():
            if agent.ended:
                join_really(agent.thread, GONE)
        self._agents.clear()


def _internal() -> bool:
    """Whether the caller of the patched method holds locks that we do not see."""
    return pristine.getframe(2).f_globals.get("__name__") in INTERNALS


def _start(controller: Controller, known: Known) -> Make:
    def make(original: Original) -> Original:
        def start(self: Any) -> None:
            me = controller.me()
            in_order = getattr(self, "_initialized", False) and not self._started._flag
            if me is None or not in_order:
                original(self)
                return
            if not _internal():
                at(controller, "start", self)
            child = controller.expect(me, self._name, self._daemonic)
            known.add(self, child)
            Started.of(self)
            me.outside += 1
            try:
                original(self)
            finally:
                me.outside -= 1
            controller.add(child)

        return start

    return make


def _bootstrap_inner(controller: Controller, known: Known) -> Make:
    def make(original: Original) -> Original:
        def _bootstrap_inner(self: Any) -> None:
            agent = known.get(self)
            if agent is None or not controller.active:
                original(self)
                return
            _stand_before(controller, self, agent)
            try:
                original(self)
            finally:
                if controller.local.agent is agent:
                    controller.end(agent)

        return _bootstrap_inner

    return make


def _stand_before(controller: Controller, thread: Any, agent: Agent) -> None:
    """Let the thread come to a stand when it has done all but call `run`.

    `run` is its class's again before the program can look.
    """
    own = thread.__dict__
    before = own.get("run")

    def run() -> None:
        del own["run"]
        if before is not None:
            own["run"] = before
        controller.arrive(agent)
        thread.run()

    own["run"] = run


def _join(controller: Controller, known: Known) -> Make:
    def make(original: Original) -> Original:
        def join(self: Any, timeout: Any = None) -> None:
            me, other = controller.me(), known.get(self)
            if me is not None and other is None and _is_main(controller, self, me):
                main = controller.agents[0]
                operation = Operation("join", places.here(), None)
                controller.wait(lambda: main.pending.kind == "exit", timeout, operation)
                return
            if me is None or other is None or other is me:
                if me is not None and not _internal():
                    at(controller, "join", self, write=False)
                original(self, timeout)
                return
            if other.ended:
                if not _internal():
                    at(controller, "join", self, write=False)
                known.joined(self)
                return
            # Why nothing: once the other has ended, nobody can change that.
            operation = Operation("join", places.here(), ())
            frame = pristine.getframe(1)
            with Wait.of(current(), "join", self, timeout, frame):
                controller.wait(lambda: other.ended, timeout, operation)
            if other.ended:
                known.joined(self)

        return join

    return make


def _is_main(controller: Controller, thread: Any, me: Agent) -> bool:
    """Whether it is the one that runs the body, whose end is that of the body for the others."""
    main = controller.agents[0]
    return me is not main and main.path == "0" and thread.ident == main.ident


def _is_alive(controller: Controller, known: Known) -> Make:
    def make(original: Original) -> Original:
        def is_alive(self: Any) -> Any:
            if controller.me() is not None and not _internal():
                at(controller, "ask", self, write=False)
            other = known.get(self)
            if other is not None and other.ended and other.ident != pristine.get_ident():
                # Why: it has run its last line, and is about to be gone for the system as well.
                join_really(self)
            return original(self)

        return is_alive

    return make


def _start_new_thread(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def start_new_thread(*wanted: Any) -> Any:
            me = controller.me()
            if me is None or len(wanted) < 2 or not callable(wanted[0]) or _internal():
                return original(*wanted)
            function, *others = wanted
            at(controller, "start", function)
            child = controller.expect(me, getattr(function, "__name__", "thread"), True)

            def body(*given: Any, **named: Any) -> None:
                controller.arrive(child)
                try:
                    function(*given, **named)
                finally:
                    controller.end(child)

            me.outside += 1
            try:
                ident = original(body, *others)
            finally:
                me.outside -= 1
            controller.add(child)
            return ident

        return start_new_thread

    return make
