"""RC417: a path from `get()` that leaves without `task_done()`, while somebody joins the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from racecheck.analyses.constants import is_none
from racecheck.analyses.queues import Queues, QueueUse
from racecheck.analyses.raising import catches_all
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL, Call, Context
from racecheck.program.model import Function, Link

CODES = ("RC417",)
_SAFE = frozenset(
    {
        "print", "len", "str", "repr", "int", "isinstance", "id", "time.time", "time.sleep",
        "time.monotonic", "type", "bool",
    }
)  # fmt: skip
_LOG_METHODS = frozenset(
    {
        "debug", "info", "warning", "error", "exception", "critical", "log",
    }
)  # fmt: skip


def find(study: Study) -> Iterator[Finding]:
    """Consumers of joined queues that may take an item and not count it."""
    queues = Queues(study.program, study.calls)
    for use in queues.uses.values():
        if not use.joins:
            continue
        if not use.dones:
            if use.gets and not queues.strange_done:
                yield _never(study, use)
            continue
        seen: set[Function] = set()
        for link in use.gets:
            if link.caller not in seen and (why := _gap(link, use)):
                seen.add(link.caller)
                yield _report(study, link, why, use)


def _gap(link: Link, use: QueueUse) -> Step | None:
    """Where a path leaves between this `get` and `task_done`, or None."""
    function, get = link.caller, link.call
    dones = [d.call for d in use.dones if d.caller is function and d.receiver == link.receiver]
    later = [done for done in dones if done.seq > get.seq]
    if not later:
        return None
    following = [
        other.call.seq
        for other in use.gets
        if other.caller is function and other.call.seq > get.seq
    ]
    end = min([done.seq for done in later] + following)
    return _exit(function, get, later, link.receiver, use) or _raise(function, get, later, end)


# --- return, break, continue ------------------------------------------------------------------


def _exit(
    function: Function, get: Call, later: Sequence[Call], path: str, use: QueueUse
) -> Step | None:
    last = max(done.seq for done in later)
    taken = function.context(get.ctx)
    for point in function.facts.points:
        if point.kind not in ("continue", "break", "return") or not get.seq < point.seq < last:
            continue
        context = function.context(point.ctx)
        if f"{path}.task_done" in point.done or _is_empty_handler(context, taken):
            continue
        if point.kind != "continue" and not _sentinel_is_joined(use):
            continue
        if _never_comes(function, get, point.ctx, use):
            continue
        place = function.place(point.line, point.kind)
        return Step("leave", place, function.label, note=f"`{point.kind}` without task_done()")
    return None


def _is_empty_handler(context: Context, taken: Context) -> bool:
    """Is this the handler for a `get` that took nothing?"""
    return context.part == "except" and not set(taken.tries).isdisjoint(context.tries)


def _never_comes(function: Function, get: Call, ctx: int, use: QueueUse) -> bool:
    """Is this the branch for a None, of a queue into which nobody puts one?

    What a variable holds that is put is not known; who ends a worker with None writes it down.
    """
    nones = (t for t in function.met(ctx) if t.shape == "is None" and t.target == get.into)
    asked = any(test.first > get.seq for test in nones)
    given = [put.call.args[0] for put in use.puts if put.call.args]
    literal = any(is_none(part) for value in given for part in (value, *value.parts))
    return asked and bool(get.into and given) and not literal


def _sentinel_is_joined(use: QueueUse) -> bool:
    """Does somebody put a None and then join? Then the branch that ends the worker must count."""
    return any(
        put.caller is join.caller and put.call.seq < join.call.seq
        for put in use.puts
        for join in use.joins
        if put.call.args and is_none(put.call.args[0])
    )


# --- exceptions -------------------------------------------------------------------------------


def _raise(function: Function, get: Call, later: Sequence[Call], end: int) -> Step | None:
    for link in function.calls:
        call = link.call
        if link.implicit or not get.seq < call.seq < end or _is_safe(link):
            continue
        context = function.context(call.ctx)
        if context.part in ("except", "finally") or _is_covered(function, call, context, later):
            continue
        place = function.place(call.line, f"{call.path}(")
        note = "an exception here goes past task_done()"
        return Step("raise", place, function.label, note=note)
    return None


def _is_safe(link: Link) -> bool:
    call = link.call
    name = call.path.rpartition(".")[2]
    logs = name in _LOG_METHODS and not link.targets
    return logs or call.path in _SAFE or catches_all(link)


def _is_covered(function: Function, call: Call, context: Context, later: Sequence[Call]) -> bool:
    """Does `task_done` still happen when this call raises?"""
    catches = not CATCH_ALL.isdisjoint(context.catches)
    for done in later:
        if done.seq <= call.seq:
            continue
        after = function.context(done.ctx)
        outside = [t for t in context.tries if t not in after.tries]
        if after.part == "finally" and outside:
            return True
        if catches and (outside or (after.part == "except" and context.tries)):
            return True
    return False


# --- findings ---------------------------------------------------------------------------------


def _get_step(link: Link, note: str = "") -> Step:
    place = link.caller.place(link.call.line, link.call.path)
    return Step("get", place, link.caller.label, note=note)


def _join_step(use: QueueUse) -> Step:
    join = min(use.joins, key=lambda x: (x.caller.module.path, x.call.line))
    place = join.caller.place(join.call.line, join.call.path)
    return Step("join", place, join.caller.label, note="waits until every item is counted")


def _report(study: Study, link: Link, why: Step, use: QueueUse) -> Finding:
    return study.finding(
        "RC417",
        link.receiver,
        f"an item of `{link.receiver}` can be taken without `task_done()`, so `join()` hangs",
        [_get_step(link, "takes an item"), why, _join_step(use)],
        evidence=["join() returns when there were as many task_done() as put()"],
    )


def _never(study: Study, use: QueueUse) -> Finding:
    link = min(use.gets, key=lambda x: (x.caller.module.path, x.call.line))
    return study.finding(
        "RC417",
        link.receiver,
        f"`{link.receiver}` is joined, and nobody ever calls `task_done()`",
        [_get_step(link, "takes an item and does not count it"), _join_step(use)],
        evidence=["join() returns when there were as many task_done() as put()"],
    )
