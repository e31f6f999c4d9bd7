"""RC439: a worker, or a restart, resets the flag that tells a worker to stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from racecheck.analyses.flags import FlagLoop, FlagWrite, loops_of
from racecheck.analyses.reach import waits_before
from racecheck.analyses.starts import Start, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.program.model import Entry, Function, RoleKind
from racecheck.program.tables import of

CODES = ("RC439",)
_NOT_STOPS = frozenset({"__init__", "<class>", "<module>", "__new__"})


@dataclass(frozen=True, slots=True)
class Operation:
    """What a function does with a flag, itself or in a method that it calls: in order of `seq`."""

    kind: str
    seq: int
    line: int
    mark: str


def find(study: Study) -> Iterator[Finding]:
    """Resets at the beginning of workers, and restarts that do not join."""
    known = study.flags
    seen: set[tuple[str, int]] = set()
    for entry in study.program.entries:
        body = study.program.functions.get(entry.function)
        if entry.role is not RoleKind.THREAD or body is None:
            continue
        for function in _loop_functions(body):
            for flag in loops_of(function):
                if (function.id, flag.loop.line) in seen:
                    continue
                seen.add((function.id, flag.loop.line))
                writes = known.of(flag) or []
                starts = threads(study).of_body(body)
                yield from _reset(study, body, entry, flag, writes, starts)
                yield from _restarts(study, flag, writes, starts)


def _loop_functions(body: Function) -> Iterator[Function]:
    """The body, and a method that it calls without condition."""
    yield body
    for link in body.calls:
        context = body.context(link.call.ctx)
        if context.loop >= 0 or context.tests or link.implicit:
            continue
        if len(link.targets) == 1 and link.receiver in ("self", ""):
            yield link.targets[0]


# --- the worker resets ------------------------------------------------------------------------


def _reset(
    study: Study,
    body: Function,
    entry: Entry,
    flag: FlagLoop,
    writes: Sequence[FlagWrite],
    starts: Sequence[Start],
) -> Iterator[Finding]:
    reset = next((w for w in writes if _is_reset(w, body, flag)), None)
    stops = [w for w in writes if _is_stop(w, body, flag)]
    if reset is None or not stops or any(map(_starter_waits, starts)):
        return
    if len(writes) != len([w for w in writes if w.value is not None]):
        return
    stop = stops[0]
    steps = [
        _step(reset, f"a stop that came before is forgotten: `while {flag.text}` goes on"),
        _step(stop, f"`{stop.function.label}` asks the worker to stop"),
        Step("start", entry.place, note=f"{entry.how} starts the thread"),
    ]
    yield study.finding(
        "RC439",
        flag.state.label,
        f"the worker sets `{reset.path}` itself when it begins, over an earlier stop",
        steps,
        evidence=list(_evidence(stop, entry)),
    )


def _evidence(stop: FlagWrite, entry: Entry) -> Iterator[str]:
    yield f"between start() and this line `{stop.function.label}` may have run"
    joins = [c for c in stop.function.facts.calls if c.path.endswith(".join") and c.seq > stop.seq]
    if joins:
        yield f"`{joins[0].path}()` behind it then waits for ever"


def _is_reset(write: FlagWrite, body: Function, flag: FlagLoop) -> bool:
    """In the worker, before the loop, unconditionally, to the value that keeps it running."""
    if write.value is not flag.needed or write.function not in (body, flag.function):
        return False
    if write.function is flag.function and write.seq > flag.loop.first:
        return False
    context = write.function.context(write.ctx)
    return context.loop < 0 and not context.tests and not context.held and not context.part


def _is_stop(write: FlagWrite, body: Function, flag: FlagLoop) -> bool:
    """Somebody else ends the loop, at once and not after a wait for the worker."""
    if write.value is not (not flag.needed) or write.function.name in _NOT_STOPS:
        return False
    if write.function in (body, flag.function) or waits_before(write.function, write.seq):
        return False
    return not _starts_later(write)


def _starts_later(write: FlagWrite) -> bool:
    """Part of starting: `self.done = False; self.thread.start()`."""
    return any(
        call.seq > write.seq and call.path.endswith(".start") for call in write.function.facts.calls
    )


def _starter_waits(start: Start) -> bool:
    """Does the starter wait for the worker's first sign of life?"""
    return any(
        call.seq > start.link.call.seq and call.path.rpartition(".")[2] in ("wait", "get", "join")
        for call in start.function.facts.calls
    )


# --- a restart without join -------------------------------------------------------------------


def _restarts(
    study: Study, flag: FlagLoop, writes: Sequence[FlagWrite], starts: Sequence[Start]
) -> Iterator[Finding]:
    if flag.state.kind not in ("attribute", "class attribute") or not starts:
        return
    functions = {w.function for w in writes}
    functions |= {link.caller for f in functions for link in f.callers}
    for function in sorted(functions, key=lambda f: f.id):
        if function.name in _NOT_STOPS:
            continue
        operations = sorted(
            _operations(function, flag, writes, starts), key=lambda o: (o.seq, o.line)
        )
        if (found := _stop_then_run(operations)) is not None:
            yield _restart(study, function, flag, *found)
            return


def _operations(
    function: Function, flag: FlagLoop, writes: Sequence[FlagWrite], starts: Sequence[Start]
) -> Iterator[Operation]:
    yield from _own(function, flag, writes, starts)
    receiver = of(function).receivers.get(function)
    for link in function.calls:
        if receiver is None or link.receiver != receiver.name or len(link.targets) != 1:
            continue
        inner = sorted(_own(link.targets[0], flag, writes, starts), key=lambda o: o.seq)
        for index, operation in enumerate(inner):
            where = (link.call.seq, link.call.line * 100 + index)
            yield Operation(operation.kind, *where, link.call.path)


def _own(
    function: Function, flag: FlagLoop, writes: Sequence[FlagWrite], starts: Sequence[Start]
) -> Iterator[Operation]:
    for write in writes:
        if write.function is function and write.value is not None and write.base == "self":
            kind = "run" if write.value is flag.needed else "stop"
            yield Operation(kind, write.seq, write.line * 100, write.path)
    for start in starts:
        if start.function is function:
            call = start.link.call
            yield Operation("start", call.seq, call.line * 100, call.path)
    for call in function.facts.calls:
        name = call.path.rpartition(".")[2]
        waits = name in ("join", "sleep", "wait", "is_alive", "result")
        if waits and not call.path.startswith("os.path"):
            yield Operation("wait", call.seq, call.line * 100, call.path)


def _stop_then_run(operations: Sequence[Operation]) -> tuple[Operation, Operation] | None:
    """A stop, then the opposite without a wait in between, and a new start."""
    stop: Operation | None = None
    run: Operation | None = None
    for operation in operations:
        if operation.kind == "wait":
            stop = None if run is None else stop
        elif operation.kind == "stop":
            stop, run = operation, None
        elif operation.kind == "run" and stop is not None:
            run = operation
        elif operation.kind == "start" and stop is not None and run is not None:
            return stop, run
    return None


def _restart(
    study: Study, function: Function, flag: FlagLoop, stop: Operation, run: Operation
) -> Finding:
    loop = flag.function
    steps = [
        Step(
            "write",
            function.place(run.line // 100, run.mark),
            function.label,
            note="takes the stop back before the old worker need have seen it",
        ),
        Step("write", function.place(stop.line // 100, stop.mark), function.label, note="stops"),
        Step("check", loop.place(flag.loop.line, flag.path), loop.label, note="goes on"),
    ]
    return study.finding(
        "RC439",
        flag.state.label,
        f"the restart takes back `{flag.path}` without waiting for the old worker",
        steps,
        evidence=["no join() between the stop and the new start: two workers may run"],
        help="Join the old thread first, or give every worker an event of its own.",
    )


def _step(write: FlagWrite, note: str) -> Step:
    place = write.function.place(write.line, write.path)
    return Step("write", place, write.function.label, note=note)
