"""RC435: a thread's loop whose flag is still false when the thread starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from racecheck.analyses.flags import FlagLoop, FlagWrite, loops_of
from racecheck.analyses.reach import runs_before, waits_before
from racecheck.analyses.starts import Start, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.program.model import Entry, Function, RoleKind

CODES = ("RC435",)
_ROLES = frozenset({RoleKind.THREAD, RoleKind.POOL})


def find(study: Study) -> Iterator[Finding]:
    """Loops of thread bodies that end before their first round, or may."""
    known = study.flags
    seen: set[tuple[str, int]] = set()
    for entry in study.program.entries:
        body = study.program.functions.get(entry.function)
        if entry.role not in _ROLES or body is None:
            continue
        for function in _loop_functions(body):
            for flag in loops_of(function):
                key = (function.id, flag.loop.line)
                if key not in seen and not _waits_first(function, flag):
                    seen.add(key)
                    yield from _check(study, body, entry, flag, known.of(flag))


def _loop_functions(body: Function) -> Iterator[Function]:
    """The body, and a method that it calls first and without condition."""
    yield body
    for link in body.calls:
        context = body.context(link.call.ctx)
        if link.implicit or context.loop >= 0 or context.tests or context.held:
            continue
        one = len(link.targets) == 1 and link.receiver in ("self", "")
        if one and not waits_before(body, link.call.seq):
            yield link.targets[0]


def _waits_first(function: Function, flag: FlagLoop) -> bool:
    """Does the worker wait for something before it tests the flag, or test it under a lock?"""
    for access in function.facts.accesses:
        if access.seq >= flag.loop.first and access.path == flag.path:
            context = function.context(access.ctx)
            return bool(context.held or context.tests) or waits_before(function, flag.loop.first)
    return True


def _check(
    study: Study,
    body: Function,
    entry: Entry,
    flag: FlagLoop,
    writes: Sequence[FlagWrite] | None,
) -> Iterator[Finding]:
    if writes is None:
        return
    enabling = [w for w in writes if w.value is not (not flag.needed)]
    starts = threads(study).of_body(body)
    if not enabling:
        if any(w.value is (not flag.needed) for w in writes) and not _from_outside(flag):
            yield _never(study, entry, flag, writes)
        return
    if not starts or any(w.value is None for w in enabling):
        return
    if all(_is_late(w, starts, flag) for w in enabling) and _is_off(writes, starts, flag):
        yield _late(study, starts[0], flag, enabling[0])


def _from_outside(flag: FlagLoop) -> bool:
    """A public global or class flag may be set by an importer that we do not see."""
    return flag.state.kind == "global" and flag.state.name.isupper()


def _is_late(write: FlagWrite, starts: Sequence[Start], flag: FlagLoop) -> bool:
    """Does the write come behind every start, on the same object?"""
    if any(start.function.context(start.link.call.ctx).held for start in starts):
        return False
    return all(
        _is_behind(write, start, flag) or _after_construction(write, start, flag)
        for start in starts
    )


def _is_behind(write: FlagWrite, start: Start, flag: FlagLoop) -> bool:
    """In the same function, behind start(), and not in a loop around both."""
    if write.function is not start.function or not _same_object(write, start, flag):
        return False
    loops = (
        write.function.context(write.ctx).loop,
        start.function.context(start.link.call.ctx).loop,
    )
    return write.seq > start.link.call.seq and loops == (-1, -1)


def _after_construction(write: FlagWrite, start: Start, flag: FlagLoop) -> bool:
    """`__init__` starts the thread, and a method that nobody can call before sets the flag."""
    init, method = start.function, write.function
    if flag.state.kind != "attribute" or init.name != "__init__" or start.owner != "self":
        return False
    if method.cls is None or method.name in ("__init__", "__new__", "<class>") or write.in_body:
        return False
    early = runs_before(init, start.link.call.seq) | runs_before(flag.function, flag.loop.first)
    early |= runs_before(start.body, flag.loop.first) | {start.body, flag.function}
    return method not in early


def _same_object(write: FlagWrite, start: Start, flag: FlagLoop) -> bool:
    if flag.state.kind != "attribute":
        return True
    return write.base == start.owner or (write.base == "self" == (start.owner or "self"))


def _is_off(writes: Sequence[FlagWrite], starts: Sequence[Start], flag: FlagLoop) -> bool:
    """Has the flag the ending value when start() is called, as far as all writes say?"""
    start = starts[0]
    before = [
        w
        for w in writes
        if w.in_body
        or w.function.name == "__init__"
        or (w.function is start.function and w.seq < start.link.call.seq)
    ]
    early = [
        w for w in before if not (w.function is start.function and w.seq > start.link.call.seq)
    ]
    return bool(early) and all(w.value is (not flag.needed) for w in early)


# --- findings ---------------------------------------------------------------------------------


def _loop_step(flag: FlagLoop, how: str) -> Step:
    function = flag.function
    note = f"ends at once while `{flag.path}` is {'true' if not flag.needed else 'false'}"
    place = function.place(flag.loop.line, flag.path)
    return Step("check", place, function.label, how, note=note)


def _write_step(write: FlagWrite, note: str) -> Step:
    place = write.function.place(write.line, write.path)
    return Step("write", place, write.function.label, note=note)


def _late(study: Study, start: Start, flag: FlagLoop, write: FlagWrite) -> Finding:
    call, same = start.link.call, write.function is start.function
    steps = [
        _loop_step(flag, start.how),
        Step(
            "start",
            start.function.place(call.line, f"{call.path}("),
            start.function.label,
            note="from here on the thread may test the flag",
        ),
        _write_step(write, "too late: the loop may have ended already"),
    ]
    return study.finding(
        "RC435",
        flag.state.label,
        f"the loop `while {flag.text}` may end before its first round",
        steps,
        evidence=[
            f"`{write.path}` is set at line {write.line}, behind start() at line {call.line}"
            if same
            else f"`{write.function.label}` sets it, which nobody can call before __init__ is over",
            f"{start.how} runs `{start.body.label}`",
        ],
        help=f"Move line {write.line} in front of start()."
        if same
        else "Start the thread where the flag is set, not in __init__.",
    )


def _never(study: Study, entry: Entry, flag: FlagLoop, writes: Sequence[FlagWrite]) -> Finding:
    steps = [_loop_step(flag, entry.how)]
    steps += [_write_step(w, "gives it the value that ends the loop") for w in writes[:3]]
    steps.append(Step("start", entry.place, note=f"{entry.how} starts the thread"))
    wanted = "set" if flag.event else ("true" if flag.needed else "false")
    return study.finding(
        "RC435",
        flag.state.label,
        f"the loop `while {flag.text}` never runs: nothing makes the flag {wanted}",
        steps,
        evidence=[f"all {len(writes)} assignments give the value that ends the loop"]
        if len(writes) > 1
        else ["the only assignment gives the value that ends the loop"],
        help=f"Make `{flag.path}` {wanted} before start().",
    )
