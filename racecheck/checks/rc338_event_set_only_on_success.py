"""RC338: a thread that can end without the wake-up somebody waits for without limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses import waits, wakeups
from racecheck.analyses.raising import may_raise
from racecheck.analyses.suite import Study
from racecheck.analyses.wakeups import Signal
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.facts.schema import Call, Point
from racecheck.program.model import Entry, Function, Link, RoleKind

CODES = ("RC338",)

_THREADS = frozenset({RoleKind.THREAD, RoleKind.POOL})
_EXITS = {
    "return": "returns without it",
    "raise": "raises without it",
    "fall": "the function ends here without it",
}
_ENDS_ALL = frozenset({"os._exit", "os.abort", "os.kill", "_thread.interrupt_main"})
"""Calls after which nobody waits any more: the whole process ends or is told."""

_DEPTH = 4


@dataclass(frozen=True, slots=True)
class _Exit:
    """A way out of the function that skips the wake-up."""

    line: int
    mark: str
    note: str
    confidence: Confidence = Confidence.LIKELY


def find(study: Study) -> Iterator[Finding]:
    """Wake-ups with one sender, an untimed waiter, and a way around."""
    senders: dict[object, list[Signal]] = {}
    waiters: dict[object, list[Signal]] = {}
    for signal in study.signals:
        table = senders if signal.sends else waiters
        table.setdefault(signal.key, []).append(signal)
    for key, sent in senders.items():
        function = sent[0].function
        if any(signal.function is not function for signal in sent):
            continue
        waiting = [w for w in waiters.get(key, ()) if w.function is not function]
        if not all(wakeups.is_endless(w) for w in waiting):
            continue
        waiter = _waiter(sent[0], waiting)
        found = _skipped(function, sent) if waiter is not None else None
        if found is not None and waiter is not None:
            yield _report(study, sent[0], found, waiter)


def _waiter(sent: Signal, waiting: list[Signal]) -> Step | None:
    """Who waits: a call in the program, or whoever gets the future that is returned."""
    if waiting:
        first = waiting[0]
        place = first.function.place(first.call.line, f"{first.path}.{first.method}")
        return Step("wait", place, first.function.label, note="waits for it without a limit")
    owner = wakeups.returned_by(sent) if sent.method.startswith("set_") else None
    if owner is None:
        return None
    place = owner.place(owner.facts.line)
    return Step("return", place, owner.label, note="returns the future to somebody who waits")


# --- ways around ------------------------------------------------------------------------------


def _skipped(function: Function, sent: list[Signal]) -> _Exit | None:
    """A way out of a thread's function without the wake-up that it owes."""
    first = sent[0].call
    if any(function.context(signal.call.ctx).loop >= 0 for signal in sent):
        return None
    if any(_is_conditional(function, signal.call) for signal in sent):
        return None
    if any(link.external in _ENDS_ALL for link in function.calls):
        return None
    names = {f"{signal.path}.{signal.method}" for signal in sent}
    points = [p for p in function.facts.points if not names & set(p.done)]
    if _entry(function) is not None:
        return _explicit(function, points) or _thrown(function, points, first)
    if _runs_once_on_a_thread(function, _DEPTH):
        return _swallowed(function, points, first)
    return None


def _entry(function: Function) -> Entry | None:
    """How the function itself is started on a thread; callers above it may look after errors."""
    own = (e for e in function.entries if e.function == function.id and e.role in _THREADS)
    return next(own, None)


def _runs_once_on_a_thread(function: Function, depth: int) -> bool:
    """Is it called on a thread, and never in a loop that would try again?"""
    if not function.callers or depth == 0:
        return False
    for link in function.callers:
        if waits.in_loop(link.caller, link.call.ctx):
            return False
        if _entry(link.caller) is None and not _runs_once_on_a_thread(link.caller, depth - 1):
            return False
    return True


def _is_conditional(function: Function, call: Call) -> bool:
    """Sent in one branch only; what stands behind `if done: return` is not conditional."""
    for index in function.context(call.ctx).tests:
        test = function.facts.tests[abs(index) - 1]
        if index > 0 or not test.exits:
            return True
    return bool(function.context(call.ctx).part)


def _explicit(function: Function, points: list[Point]) -> _Exit | None:
    for point in points:
        caught = point.kind == "raise" and function.context(point.ctx).catches
        if point.kind in _EXITS and not caught:
            line = function.facts.end_line if point.kind == "fall" else point.line
            return _Exit(line, "", _EXITS[point.kind])
    return None


def _swallowed(function: Function, points: list[Point], first: Call) -> _Exit | None:
    """An error handler of the function goes on as if nothing was owed."""
    if not function.context(first.ctx).catches:
        return None
    behind = [
        point
        for point in points
        if point.seq > first.seq or function.context(point.ctx).part == "except"
    ]
    return _explicit(function, [point for point in behind if point.kind in ("return", "fall")])


def _thrown(function: Function, points: list[Point], first: Call) -> _Exit | None:
    """A call before the wake-up out of which an exception ends the thread."""
    starts = [point.seq for point in points if point.kind == "throw"]
    if not starts:
        return None
    for link in function.calls:
        context = function.context(link.call.ctx)
        if not min(starts) <= link.call.seq < first.seq or context.catches or link.implicit:
            continue
        if context.part != "finally" and _is_user_code(link) and may_raise(link):
            note = "an exception here ends the thread"
            return _Exit(link.call.line, link.call.path, note, _confidence(function))
    return None


def _confidence(function: Function) -> Confidence:
    """A test whose thread raises has failed anyway; that it hangs as well is a lesser evil."""
    return Confidence.POSSIBLE if function.module.is_test else Confidence.LIKELY


def _is_user_code(link: Link) -> bool:
    """A function of the project, or a callable that was handed in."""
    return bool(link.targets) or not (link.external or link.constructs)


def _report(study: Study, sent: Signal, way: _Exit, waiter: Step) -> Finding:
    function = sent.function
    entry = _entry(function)
    wake = f"{sent.path}.{sent.method}()"
    steps = [
        Step(
            "signal",
            function.place(sent.call.line, f"{sent.path}.{sent.method}"),
            function.label,
            thread=entry.how if entry else "",
            note="reached on success only",
        ),
        Step("leave", function.place(way.line, way.mark), function.label, note=way.note),
        waiter,
    ]
    return study.finding(
        "RC338",
        sent.label,
        f"`{function.label}` can end without `{wake}`, and `{waiter.function}` waits for ever",
        steps,
        confidence=way.confidence,
        evidence=[f"`{function.label}` is the only one that calls `{wake}`"],
    )
