"""`sys.settrace`: needs no import hook and works on every version; the reference for the others.

Off while only one thread exists. When a second is about to start, the frames of the starting thread
are armed, so that functions begun long before report what follows. Which local trace function a
frame has says whether a site is still to be told after its present statement: no state is kept
outside the frame, so generators and recursion need no thought.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any, Final, TypeAlias

from racecheck.runtime import pristine
from racecheck.runtime.backends.base import Scope
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.threads import threads
from racecheck.runtime.tracing import variables
from racecheck.runtime.tracing.plans import Moment, Plan, Plans
from racecheck.runtime.tracing.tables import lookup
from racecheck.runtime.tracing.tellings import Tell

Trace: TypeAlias = "Callable[[FrameType, str, Any], Any]"

_NO_VARIABLES: Final = (
    "the variables of a frame cannot be read here without changing the program "
    "(needs CPython with ctypes before 3.13)"
)
_TAKEN: Final = (
    "{} has taken sys.settrace: what ran while it had it was not seen; "
    "use the backend 'rewrite' or 'monitoring', or do not run both"
)
_CELLS: Final = (
    "closure variables that are rebound by several functions are not seen on this Python"
)


class Tracers:
    """Local trace functions of one code object: `quiet`, and one for each pending moment."""

    __slots__ = ("entry", "plan", "quiet", "waiting")

    def __init__(self, code: CodeType, plan: Plan) -> None:
        self.plan = plan
        self.entry = plan.entry
        self.waiting: dict[Moment, Trace] = {}
        self.quiet = self._quiet()
        for moment in plan.pending:
            if moment.after is not None:
                self.waiting[moment] = self._waiting(moment, moment.after)

    def now(self, frame: FrameType) -> Trace:
        """For a frame that is in the middle of a statement."""
        moment = self.plan.during(frame.f_lasti)
        return self.quiet if moment is None else self.waiting[moment]

    def _quiet(self) -> Trace:
        moments = self.plan.begins.get
        waiting = self.waiting.get

        def quiet(frame: FrameType, event: str, _: Any) -> Trace | None:
            moment = moments(frame.f_lasti)
            if moment is None or event != "line":
                return None
            for tell in moment.before:
                tell(frame)
            return waiting(moment)

        return quiet

    def _waiting(self, moment: Moment, after: Tell) -> Trace:
        leaves, inside, returns = moment.leaves, moment.inside, self.plan.returns
        begins, quiet = self.plan.begins, self.quiet

        def waiting(frame: FrameType, event: str, value: Any) -> Trace | None:
            offset = frame.f_lasti
            if event == "line":
                if offset in leaves:
                    after(frame)
                elif offset in inside and offset not in begins:
                    return None
                return quiet(frame, event, value) or quiet
            if event == "return" and offset in returns:
                after(frame)
            return None

        return waiting


class Backend:
    """The backend."""

    name = "settrace"

    def __init__(self) -> None:
        self._plans = Plans(lambda _: (), Tracers)
        self._notes: dict[str, None] = {}
        self._active = False
        self._hook = self._make_hook()

    def refusal(self) -> str | None:
        """Why it cannot be used: somebody has the slot, or variables cannot be read."""
        if not variables.usable:
            return _NO_VARIABLES
        owner = sys.gettrace() or threading.gettrace()
        if owner is not None:
            return f"{_name(owner)} has sys.settrace; stop it, or use the backend 'rewrite'"
        return None

    def start(self, scope: Scope, options: RuntimeOptions) -> None:
        """Ready to trace; nothing is traced while there is one thread."""
        self._plans = Plans(lookup(scope, notes=options.notes), Tracers)
        self._hook = self._make_hook()
        self._active = True
        threading.settrace(self._hook)
        threads.on_gate.append(self._gate)
        threads.on_fork.append(self._forked)
        if threads.open:
            self._arm(pristine.getframe(1))

    def stop(self) -> None:
        """Give the slot back here; other threads do so at their next call."""
        self._active = False
        with suppress(ValueError):
            threads.on_gate.remove(self._gate)
            threads.on_fork.remove(self._forked)
        if threading.gettrace() is self._hook:
            threading.settrace(None)
        elif threading.gettrace() is not None:
            self._lost(threading.gettrace())
        self._disarm(pristine.getframe(1))
        self._plans.known.clear()

    def limits(self) -> list[str]:
        """What went unseen."""
        return [*self._notes, *([] if variables.exact else [_CELLS])]

    def _make_hook(self) -> Trace:
        known = self._plans.known

        def begin(frame: FrameType, event: str, _: Any) -> Trace | None:
            """A call, or a generator that goes on: its trace function, None for no sites."""
            try:
                found = known[id(frame.f_code)]
            except KeyError:
                found = self._meet(frame.f_code)
            if found is None:
                return None
            if found.entry:
                for tell in found.entry:
                    tell(frame)
                return None
            held = frame.f_trace
            return found.quiet if held is None else held

        return begin

    def _meet(self, code: CodeType) -> Tracers | None:
        """Code called for the first time; after the end that is all code, so that threads stop."""
        if self._active:
            found: Tracers | None = self._plans.find(code)
            return found
        sys.settrace(None)
        return None

    def _gate(self, is_open: bool) -> None:
        """Called on the thread that opens or closes it."""
        if not is_open:
            self._disarm(pristine.getframe(1))
        elif sys.gettrace() is not self._hook:
            self._arm(pristine.getframe(1))

    def _forked(self) -> None:
        self._disarm(pristine.getframe(1))

    def _arm(self, frame: FrameType | None) -> None:
        owner = sys.gettrace()
        if owner is not None:
            self._lost(owner)
            return
        while frame is not None:
            found = self._plans.find(frame.f_code)
            if found is not None:
                frame.f_trace = found.now(frame)
            frame = frame.f_back
        sys.settrace(self._hook)

    def _disarm(self, frame: FrameType | None) -> None:
        owner = sys.gettrace()
        if owner is not self._hook:
            if owner is not None:
                self._lost(owner)
            return
        sys.settrace(None)
        while frame is not None:
            if self._plans.known.get(id(frame.f_code)) is not None:
                frame.f_trace = None
            frame = frame.f_back

    def _lost(self, owner: Any) -> None:
        self._notes[_TAKEN.format(_name(owner))] = None


def _name(owner: Any) -> str:
    """Whose trace function it is, as well as one can tell: the package that it comes from."""
    found = getattr(owner, "__module__", None) or type(owner).__module__
    return str(found).partition(".")[0]
