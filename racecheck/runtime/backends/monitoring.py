"""`sys.monitoring` (PEP 669, Python 3.12 and later): events only where there is a site.

Every code object is looked at when it is first entered and then no more. Those with sites get line
events of their own; a line at which nothing happens is disabled the first time. Other tools may
bring disabled events back at any time, so all callbacks answer the same however often they are
asked. With one thread no event is enabled at all.
"""

from __future__ import annotations

import sys
import weakref
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.backends.base import Scope
from racecheck.runtime.deliver import failed
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.threads import threads
from racecheck.runtime.tracing import variables
from racecheck.runtime.tracing.plans import Moment, Plan, Plans
from racecheck.runtime.tracing.tables import lookup

_monitoring: Final[Any] = getattr(sys, "monitoring", None)
_IDS: Final = (4, 3, 2, 5, 1, 0)
"""Tool ids in the order in which they are tried: those that nobody has a claim to come first."""

_OLD: Final = "sys.monitoring came with Python 3.12; use the backend 'rewrite' or 'settrace'"
_FULL: Final = "all tool ids of sys.monitoring are taken ({}); stop one of these tools"
_CELLS: Final = (
    "closure variables that are rebound by several functions are not seen on this Python"
)
_TAKEN: Final = "{} took the tool id of racecheck in sys.monitoring: nothing was seen after that"


class Watched:
    """A code object with sites. `arrives`: offsets at which a site told afterwards may be due."""

    __slots__ = ("arrives", "code", "plan")

    def __init__(self, code: CodeType, plan: Plan) -> None:
        self.code = weakref.ref(code)
        self.plan = plan
        self.arrives = frozenset[int]().union(*(moment.leaves for moment in plan.pending))


class Backend:
    """The backend. `_waiting`: id of a frame to the moment it is in the middle of."""

    name = "monitoring"

    def __init__(self) -> None:
        self._plans = Plans(lambda _: (), self._watch)
        self._waiting: dict[int, Moment] = {}
        self._tool = -1
        self._open = False
        self._pending = False
        self._notes: list[str] = []

    def refusal(self) -> str | None:
        """Why it cannot be used: an old Python, or no tool id left."""
        if _monitoring is None:
            return _OLD
        if not variables.usable:
            return "the variables of a frame cannot be read here without changing the program"
        if _free() < 0:
            owners = ", ".join(f"{one}: {_monitoring.get_tool(one)}" for one in sorted(_IDS))
            return _FULL.format(owners)
        return None

    def start(self, scope: Scope, options: RuntimeOptions) -> None:
        """Take a tool id; events are enabled when a second thread starts."""
        self._plans = Plans(lookup(scope, notes=options.notes), self._watch)
        self._tool = _free()
        _monitoring.use_tool_id(self._tool, "racecheck")
        for event, callback in self._callbacks().items():
            _monitoring.register_callback(self._tool, event, callback)
        threads.on_gate.append(self._gate)
        threads.on_fork.append(self._shut)
        if threads.open:
            self._gate(True)

    def stop(self) -> None:
        """No events, no callbacks, the tool id free again."""
        with suppress(ValueError):
            threads.on_gate.remove(self._gate)
            threads.on_fork.remove(self._shut)
        if self._tool < 0 or not self._owned():
            return
        self._shut()
        for event in self._callbacks():
            _monitoring.register_callback(self._tool, event, None)
        _monitoring.free_tool_id(self._tool)
        self._tool = -1

    def limits(self) -> list[str]:
        """What went unseen."""
        return [*self._notes, *([] if variables.exact else [_CELLS])]

    def _callbacks(self) -> dict[int, Any]:
        events = _monitoring.events
        return {
            events.PY_START: self._entered,
            events.PY_RESUME: self._entered,
            events.LINE: self._line,
            events.PY_RETURN: self._returned,
            events.PY_UNWIND: self._raised,
            events.EXCEPTION_HANDLED: self._raised,
        }

    def _owned(self) -> bool:
        """Whether the tool id is still ours; it is noted if not."""
        owner = _monitoring.get_tool(self._tool)
        if owner != "racecheck" and not self._notes:
            self._notes.append(_TAKEN.format(owner or "somebody"))
        return bool(owner == "racecheck")

    def _gate(self, is_open: bool) -> None:
        """Called on the thread that opens or closes it, and for every new thread."""
        if not is_open:
            self._shut()
            return
        if not self._owned():
            return
        opened, self._open = not self._open, True
        if opened:
            self._enable()
            for watched in list(self._plans.known.values()):
                self._local(watched)
        frame: FrameType | None = pristine.getframe(1)
        while frame is not None:
            watched = self._plans.find(frame.f_code)
            moment = watched.plan.during(frame.f_lasti) if watched and opened else None
            if moment is not None:
                self._waiting[id(frame)] = moment
            frame = frame.f_back

    def _shut(self) -> None:
        self._open = False
        self._waiting.clear()
        _monitoring.set_events(self._tool, 0)
        for watched in list(self._plans.known.values()):
            self._local(watched)

    def _enable(self) -> None:
        """Events of all code: first entries; exceptions if a site may wait for its statement."""
        events = _monitoring.events
        wanted = events.PY_START | events.PY_RESUME
        if self._pending:
            wanted |= events.PY_UNWIND | events.EXCEPTION_HANDLED
        _monitoring.set_events(self._tool, wanted)

    def _local(self, watched: Watched | None) -> None:
        """Events of one code object, as the gate says."""
        code = watched.code() if watched is not None else None
        if watched is None or code is None:
            return
        events = _monitoring.events
        wanted = events.LINE | (events.PY_RETURN if watched.plan.pending else 0)
        _monitoring.set_local_events(self._tool, code, wanted if self._open else 0)

    def _watch(self, code: CodeType, plan: Plan) -> Watched:
        watched = Watched(code, plan)
        if plan.pending and not self._pending:
            self._pending = True
            if self._open:
                self._enable()
        self._local(watched)
        return watched

    def _entered(self, code: CodeType, _: int) -> Any:
        try:
            self._plans.find(code)
        except Exception as error:
            failed(error)
        return _monitoring.DISABLE

    def _line(self, code: CodeType, _: int) -> Any:
        frame = pristine.getframe(1)
        watched = self._plans.known.get(id(code))
        if watched is None:
            return _monitoring.DISABLE
        offset = frame.f_lasti
        begins = watched.plan.begins
        if self._waiting:
            waiting = self._waiting.get(id(frame))
            if waiting is not None and not self._arrive(waiting, frame, offset, begins):
                return None
        moment = begins.get(offset)
        if moment is None:
            return None if offset in watched.arrives else _monitoring.DISABLE
        for before in moment.before:
            before(frame)
        if moment.after is not None:
            self._waiting[id(frame)] = moment
        return None

    def _arrive(
        self, waiting: Moment, frame: FrameType, offset: int, begins: dict[int, Moment]
    ) -> bool:
        """Whether the statement that `frame` was in the middle of is over."""
        if offset in waiting.leaves:
            self._waiting.pop(id(frame), None)
            if waiting.after is not None:
                waiting.after(frame)
            return True
        if offset in waiting.inside and offset not in begins:
            return False
        self._waiting.pop(id(frame), None)
        return True

    def _returned(self, code: CodeType, offset: int, value: object) -> None:
        if self._waiting:
            frame = pristine.getframe(1)
            moment = self._waiting.pop(id(frame), None)
            if moment is not None and moment.after is not None:
                moment.after(frame)

    def _raised(self, code: CodeType, offset: int, error: BaseException) -> None:
        if self._waiting:
            self._waiting.pop(id(pristine.getframe(1)), None)


def _free() -> int:
    """A tool id that nobody has, -1 if there is none."""
    return next((one for one in _IDS if _monitoring.get_tool(one) is None), -1)
