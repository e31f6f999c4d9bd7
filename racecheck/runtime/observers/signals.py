"""Notifications that come when nobody waits, and are missed by whoever waits next.

Most notifications without a waiter are in order: whoever comes later looks at the state first. So a
wait counts only if nothing is looked at under its lock, neither before nor after (no test, no loop:
read from the source), and only in two cases:

- it was in vain (it hangs, or its time ran out), and a notification had come before, on another
  thread, which nothing but the order in which they got the lock put there;
- it was woken by the only notification of the run, which could have come first as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.runtime import naming, pristine
from racecheck.runtime.clocks import Knowledge
from racecheck.runtime.meeting import SideTable
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import Stack, callers, capture, is_library, is_ours
from racecheck.runtime.threads import threads

if TYPE_CHECKING:
    from racecheck.runtime.hooks import Hooks
    from racecheck.runtime.threads import Origin as Start
    from racecheck.runtime.threads import ThreadState
    from racecheck.runtime.waits import Wait

CODE: Final = "RC337"
LOST: Final = 8
"""Notifications without a waiter that are kept of one condition."""

MISSED: Final = 200
"""Missed ones that are kept of a run."""


class Moment(NamedTuple):
    """What one thread did. `clock`: for a wait, when it took the lock of the condition."""

    name: str
    origin: Start | None
    job: Start | None
    slot: int
    clock: int
    hard: Knowledge
    stack: Stack

    def knows(self, other: Moment) -> bool:
        """Whether `other` comes before by more than the lock of the condition."""
        return self.slot == other.slot or self.hard.get(other.slot, 0) >= other.clock


class Known:
    """What is known of one condition. `waiting`: by number of the thread."""

    __slots__ = ("lost", "name", "notified", "waiting")

    def __init__(self) -> None:
        self.name = ""
        self.lost: list[Moment] = []
        self.waiting: dict[int, Moment] = {}
        self.notified = 0


class Missed(NamedTuple):
    """A wait, the notification that it missed or nearly missed, and how that ended."""

    wait: Moment
    notify: Moment
    known: Known
    end: str


class Observer:
    """The observer. Only waits without any test are looked at, so it costs little."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._conditions = SideTable[Known](lambda _: Known())
        self._bare: dict[int, Known] = {}
        self._missed: list[Missed] = []
        self._told: set[Any] = set()

    def listen(self, hooks: Hooks) -> None:
        """Begin to watch."""
        hooks.listen(
            waiting=self.waiting,
            notified=self.notified,
            unblocked=self.unblocked,
            urgent=self.urgent,
        )

    def begin_test(self) -> None:
        """Conditions of other tests are none of this one's business."""
        self._conditions.clear()

    def forget(self) -> None:
        """They have been reported."""
        self._missed.clear()

    def limits(self) -> list[str]:
        """Nothing that is worth a sentence."""
        return []

    def stop(self) -> None:
        """Whoever waits now waits in vain."""
        self.urgent(None)

    def waiting(self, thread: ThreadState, condition: Any, how: str) -> None:
        """A wait begins."""
        frame = _user(pristine.getframe(1))
        if how != "wait" or frame is None or not is_bare(frame.f_code, frame.f_lasti):
            return
        known = self._conditions.of(condition)
        known.name = known.name or _name(condition)
        known.waiting[thread.number] = _moment(thread, frame, _since(thread, condition))
        self._bare[thread.number] = known

    def notified(self, thread: ThreadState, condition: Any, waiters: int) -> None:
        """notify or notify_all was called; which of the waiters it wakes is not known."""
        known = self._conditions.of(condition)
        known.notified += 1
        if not waiters:
            if len(known.lost) < LOST:
                known.lost.append(_moment(thread, _user(pristine.getframe(1)), thread.clock))
            return
        woken, known.waiting = known.waiting, {}
        if woken and known.notified == 1:
            notify = _moment(thread, _user(pristine.getframe(1)), thread.clock)
            for wait in woken.values():
                if not notify.knows(wait) and not in_loop(wait.stack):
                    self._add(Missed(wait, notify, known, "lucky"))

    def unblocked(self, thread: ThreadState, wait: Wait) -> None:
        """It goes on. If nobody notified, its time has run out."""
        known = self._bare.pop(thread.number, None)
        moment = known.waiting.pop(thread.number, None) if known is not None else None
        if known is None or moment is None or not wait.timed or wait.kind != "condition":
            return
        if not in_loop(moment.stack):
            self._in_vain(moment, known, "its time ran out")

    def urgent(self, finding: Finding | None) -> None:
        """Nothing moves any more."""
        for number, known in list(self._bare.items()):
            state = threads.alive.get(number)
            if state is not None and state.waiting is not None and not state.waiting.timed:
                moment = known.waiting.pop(number, None)
                if moment is not None:
                    self._in_vain(moment, known, "it waits for ever")

    def _in_vain(self, wait: Moment, known: Known, end: str) -> None:
        for notify in known.lost:
            if not wait.knows(notify):
                self._add(Missed(wait, notify, known, end))
                return

    def _add(self, missed: Missed) -> None:
        if len(self._missed) < MISSED:
            self._missed.append(missed)

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """One for each pair of places."""
        seen: set[Any] = set()
        for missed in list(self._missed):
            if missed.end == "lucky" and missed.known.notified > 1:
                continue
            places = naming.spot(missed.wait.stack), naming.spot(missed.notify.stack)
            if places not in seen:
                seen.add(places)
                yield _finding(missed, options)


def _moment(thread: ThreadState, frame: FrameType | None, clock: int) -> Moment:
    return Moment(
        thread.name, thread.origin, thread.job, thread.slot, clock, thread.hard, capture(frame)
    )


def _user(frame: FrameType | None) -> FrameType | None:
    """The frame that called the condition's method."""
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_qualname == "Condition.notify_all":
        frame = frame.f_back
    return frame


def _since(thread: ThreadState, condition: Any) -> int:
    """The epoch in which the thread took the lock of the condition."""
    for link in thread.chain or ():
        if link.lock is condition._lock:
            return link.clock
    return 0


def _name(condition: Any) -> str:
    lock = condition._lock
    return naming.lock_name(lock) if hasattr(lock, "made") else "a condition"


_TESTS: Final = (ast.If, ast.IfExp, ast.While, ast.For, ast.Match, ast.Assert, ast.BoolOp)
_LOOPS: Final = (ast.While, ast.For, ast.AsyncFor, ast.comprehension)
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@lru_cache(maxsize=1024)
def is_bare(code: CodeType, offset: int) -> bool:
    """Whether nothing is looked at between taking the lock and the wait, nor around it in a loop.

    What cannot be read is taken for a wait that is in order, and so is that of a library.
    """
    if is_library(code.co_filename):
        return False
    inside = None
    for node in naming.around(code, offset):
        if isinstance(node, _LOOPS):
            return False
        if isinstance(node, _SCOPES):
            break
        if inside is None and isinstance(node, ast.With):
            inside = node
    return inside is not None and not any(isinstance(node, _TESTS) for node in ast.walk(inside))


def in_loop(stack: Stack) -> bool:
    """Whether the wait is repeated by a caller: then the test stands there."""
    return any(
        _repeated(code, offset) for code, offset in stack if not is_library(code.co_filename)
    )


@lru_cache(maxsize=1024)
def _repeated(code: CodeType, offset: int) -> bool:
    for node in naming.around(code, offset):
        if isinstance(node, _LOOPS):
            return True
        if isinstance(node, _SCOPES):
            break
    return False


def _finding(missed: Missed, options: RuntimeOptions) -> Finding:
    rule = options.rules.get(CODE, Rule(CODE))
    wait, notify = naming.spot(missed.wait.stack), naming.spot(missed.notify.stack)
    name, lucky = missed.known.name or "a condition", missed.end == "lucky"
    message = f"The notification of `{name}` came before the wait for it, and was lost"
    if lucky:
        message = f"The only notification of `{name}` is lost if it comes before the wait for it"
    said = "waits without looking whether it was notified before"
    return Finding(
        code=CODE,
        name=rule.name,
        subject=name,
        message=message,
        place=wait.place,
        confidence=Confidence.OBSERVED,
        severity=Severity(rule.severity),
        steps=(
            _step("waits", wait, missed.wait, said if lucky else f"{said}: {missed.end}"),
            _step("notifies", notify, missed.notify, "" if lucky else "nobody waits yet"),
        ),
        evidence=tuple(_evidence(missed)),
        help=rule.help,
        origin=Origin.RUN,
        context=wait.function,
    )


def _step(role: str, spot: naming.Spot, moment: Moment, note: str) -> Step:
    above = callers(moment.stack)
    return Step(role, spot.place, spot.function, thread=moment.name, note=note, stack=above)


def _evidence(missed: Missed) -> Iterator[str]:
    yield "nothing but the lock orders the two: no start, join, queue or event between them"
    made = (naming.origin(moment) for moment in (missed.wait, missed.notify))
    yield from dict.fromkeys(line for line in made if line)
