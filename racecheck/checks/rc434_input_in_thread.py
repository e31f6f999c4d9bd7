"""RC434: the terminal is read on a thread other than the main one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from racecheck.analyses.reach import WORKERS, Way, asks_for_thread, ways_to
from racecheck.analyses.starts import Made, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.program import names
from racecheck.program.model import Function, RoleKind

CODES = ("RC434",)
_READS = frozenset(
    {
        "input", "raw_input", "getpass.getpass", "fileinput.input", "sys.stdin.read",
        "sys.stdin.readline", "sys.stdin.readlines", "sys.stdin.buffer.read",
        "sys.stdin.buffer.readline", "sys.stdin.buffer.readlines", "sys.stdin.buffer.read1",
    }
)  # fmt: skip
_BOUNDED = frozenset(
    {"select.select", "select.poll", "select.epoll", "selectors.DefaultSelector", "msvcrt.kbhit"}
)
_ROLES = WORKERS | {RoleKind.PROCESS}
_SHOWN = 8


def find(study: Study) -> Iterator[Finding]:
    """Reads of standard input that a thread reaches."""
    replaced = _replaces_stdin(study)
    for function in study.program.functions.values():
        if function.module.is_test or function.module.name in replaced:
            continue
        for line, ctx, seq, what in _reads(function):
            if _is_bounded(function, seq, ctx):
                continue
            ways = list(islice(ways_to(study.program, function, _ROLES), _SHOWN))
            if ways:
                yield _report(study, function, line, what, ways)


def _reads(function: Function) -> Iterator[tuple[int, int, int, str]]:
    """Line, context, seq and source of every read of the terminal in a function."""
    for link in function.calls:
        if link.external in _READS and not link.targets:
            yield link.call.line, link.call.ctx, link.call.seq, f"{link.call.path}()"
    for loop in function.facts.loops:
        if (
            loop.iterates.endswith("stdin")
            and names.qualify(function, loop.iterates) == "sys.stdin"
        ):
            yield loop.line, -1, loop.first, f"for ... in {loop.iterates}"


def _replaces_stdin(study: Study) -> frozenset[str]:
    """Modules that put something else in the place of sys.stdin."""
    return frozenset(
        function.module.name
        for function in study.program.functions.values()
        for access in function.facts.accesses
        if access.path == "sys.stdin" and access.kind == "write"
    )


def _is_bounded(function: Function, seq: int, ctx: int) -> bool:
    """Was there a look whether input is waiting, or a test for the main thread?"""
    if any(link.external in _BOUNDED and link.call.seq < seq for link in function.calls):
        return True
    return ctx >= 0 and asks_for_thread(function, ctx)


def _report(study: Study, function: Function, line: int, what: str, ways: list[Way]) -> Finding:
    way = ways[0]
    process = way.entry.role is RoleKind.PROCESS
    mark = what.removesuffix("()").removeprefix("for ... in ")
    step = Step("read", function.place(line, mark), function.label, way.entry.how)
    where = "in a child process" if process else f"on a thread ({way.entry.how})"
    return study.finding(
        "RC434",
        function.label,
        f"`{what}` reads the terminal {where}",
        [step, *way.steps],
        evidence=list(_evidence(study, function, ways)),
        help="Read in the main thread and hand the lines over with a queue.Queue.",
    )


def _evidence(study: Study, function: Function, ways: list[Way]) -> Iterator[str]:
    way = ways[0]
    yield f"reached by {way.text}, started at {way.entry.place}"
    if way.entry.role is RoleKind.PROCESS:
        yield "standard input of a multiprocessing child is closed: EOFError at once"
        return
    made = _made(study, way)
    if made is not None and not _is_daemon(made):
        yield "no daemon thread: the program cannot end while it waits for a line"
    if way.entry.many:
        yield "several of these threads may wait for the terminal at once"
    elif len(ways) > 1:
        yield f"{len(ways)} thread entries reach it"
    if RoleKind.MAIN in function.roles:
        yield "the main thread reads here as well: each gets some of the lines"


def _made(study: Study, way: Way) -> Made | None:
    """The call that makes the thread of an entry."""
    return next(
        (
            made
            for made in threads(study).made
            if made.function.id == way.entry.starts
            and any(body.id == way.entry.function for body in made.bodies)
        ),
        None,
    )


def _is_daemon(made: Made) -> bool:
    call = made.link.call
    if any(name == "daemon" and value.text != "False" for name, value in call.keywords):
        return True
    if made.cls is not None:
        return True
    marks = {f"{call.into}.daemon", f"{call.into}.setDaemon"}
    facts = made.function.facts
    return any(a.path in marks for a in facts.accesses) or any(c.path in marks for c in facts.calls)
