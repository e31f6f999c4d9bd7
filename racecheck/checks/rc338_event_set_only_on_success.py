"""RC338: a thread that can end without the wake-up somebody waits for without limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.raising import may_raise
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call, Point
from racecheck.program import states, types
from racecheck.program.model import Entry, Function, Link, RoleKind, StateId

CODES = ("RC338",)

_SIGNALS = {"set": "wait", "put": "get", "put_nowait": "get"}
_TYPES = {
    "wait": frozenset({"threading.Event", "multiprocessing.Event"}),
    "get": frozenset(
        {"queue.Queue", "queue.SimpleQueue", "queue.LifoQueue", "queue.PriorityQueue"}
    ),
}
_THREADS = frozenset({RoleKind.THREAD, RoleKind.POOL})
_EXITS = {
    "return": "returns without it",
    "raise": "raises without it",
    "fall": "the function ends here without it",
}


@dataclass(frozen=True, slots=True)
class _Op:
    """A call of `set`, `wait`, `put` or `get` on a known event or queue."""

    link: Link
    path: str
    method: str
    state: StateId


@dataclass(frozen=True, slots=True)
class _Exit:
    """A way out of the function that skips the wake-up."""

    line: int
    mark: str
    note: str


def find(study: Study) -> Iterator[Finding]:
    """Wake-ups with one sender, an untimed waiter, and a way around."""
    senders: dict[StateId, list[_Op]] = {}
    waiters: dict[StateId, list[_Op]] = {}
    for function in study.program.functions.values():
        for op in _operations(function):
            table = senders if op.method in _SIGNALS else waiters
            table.setdefault(op.state, []).append(op)
    for state, sent in senders.items():
        functions = {op.link.caller for op in sent}
        untimed = [op for op in waiters.get(state, ()) if op.link.caller not in functions]
        endless = untimed and all(_is_untimed(op.link.call) for op in untimed)
        found = _skipped(functions.pop(), sent) if endless and len(functions) == 1 else None
        if found is not None:
            yield _report(study, state, sent[0], found, untimed[0])


def _operations(function: Function) -> Iterator[_Op]:
    for link in function.calls:
        path, _, method = link.call.path.rpartition(".")
        wanted = _TYPES.get(_SIGNALS.get(method, method))
        if wanted is None or link.implicit:
            continue
        kinds = types.of(function, path)
        if kinds and kinds <= wanted and (found := states.locate(function, path)):
            yield _Op(link, path, method, found[0])


def _is_untimed(call: Call) -> bool:
    given = [*call.args, *(value for _, value in call.keywords)]
    return not call.starred and all(v.kind == "const" and v.text in ("None", "True") for v in given)


def _skipped(function: Function, sent: list[_Op]) -> _Exit | None:
    """A way out of a thread's function without the wake-up that it owes."""
    if _entry(function) is None:
        return None
    first = sent[0].link.call
    if any(function.context(op.link.call.ctx).loop >= 0 for op in sent):
        return None
    if any(_is_conditional(function, op.link.call) for op in sent):
        return None
    names = {f"{op.path}.{op.method}" for op in sent}
    points = [p for p in function.facts.points if not names & set(p.done)]
    return _explicit(function, points) or _thrown(function, points, first)


def _entry(function: Function) -> Entry | None:
    """How the function itself is started on a thread; callers above it may look after errors."""
    own = (e for e in function.entries if e.function == function.id and e.role in _THREADS)
    return next(own, None)


def _is_conditional(function: Function, call: Call) -> bool:
    """Sent in one branch only; what stands behind `if done: return` is not conditional."""
    for index in function.context(call.ctx).tests:
        test = function.facts.tests[abs(index) - 1]
        if index > 0 or not test.exits:
            return True
    return bool(function.context(call.ctx).part)


def _explicit(function: Function, points: list[Point]) -> _Exit | None:
    for point in points:
        if point.kind in _EXITS and not (
            point.kind == "raise" and function.context(point.ctx).catches
        ):
            line = function.facts.end_line if point.kind == "fall" else point.line
            return _Exit(line, "", _EXITS[point.kind])
    return None


def _thrown(function: Function, points: list[Point], first: Call) -> _Exit | None:
    """A call before the wake-up out of which an exception ends the thread."""
    starts = [point.seq for point in points if point.kind == "throw"]
    if not starts:
        return None
    for link in function.calls:
        context = function.context(link.call.ctx)
        if not min(starts) <= link.call.seq < first.seq or context.catches or link.implicit:
            continue
        if context.part != "finally" and _is_user_code(function, link) and may_raise(link):
            return _Exit(link.call.line, link.call.path, "an exception here ends the thread")
    return None


def _is_user_code(function: Function, link: Link) -> bool:
    """A function of the project, or a callable that was handed in."""
    if link.targets:
        return True
    return not link.external and not link.constructs


def _report(study: Study, state: StateId, sent: _Op, way: _Exit, waiter: _Op) -> Finding:
    function, other = sent.link.caller, waiter.link.caller
    entry = _entry(function)
    wake = f"{sent.path}.{sent.method}()"
    steps = [
        Step(
            "signal",
            function.place(sent.link.call.line, f"{sent.path}.{sent.method}"),
            function.label,
            thread=entry.how if entry else "",
            note="reached on success only",
        ),
        Step("leave", function.place(way.line, way.mark), function.label, note=way.note),
        Step(
            "wait",
            other.place(waiter.link.call.line, f"{waiter.path}.{waiter.method}"),
            other.label,
            note="waits for it without a limit",
        ),
    ]
    return study.finding(
        "RC338",
        state.label,
        f"`{function.label}` can end without `{wake}`, and `{other.label}` waits for ever",
        steps,
        evidence=[f"`{function.label}` is the only one that calls `{wake}`"],
    )
