"""RC434: the terminal is read on a thread other than the main one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from racecheck.analyses.named import by_function
from racecheck.analyses.reach import WORKERS, Way, asks_for_thread, ways_to
from racecheck.analyses.starts import Made, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program import calls, names
from racecheck.program.model import Function, Link, RoleKind

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
_READERS = frozenset({"iter", "list", "tuple", "map", "filter", "csv.reader", "json.load"})
_ROLES = WORKERS | {RoleKind.PROCESS}
_SHOWN = 8
_OFFLOADS = ("asyncio.", "anyio.", "trio.")


def find(study: Study) -> Iterator[Finding]:
    """Reads of standard input that a thread reaches."""
    replaced = _replaces_stdin(study)
    reading, started = _may_read(study), by_function(study.calls.of(study.models.entries))
    for function in study.program.functions.values():
        if function.module.is_test or function.module.name in replaced:
            continue
        for line, ctx, seq, what in _reads(function) if function in reading else ():
            if _is_bounded(function, seq, ctx):
                continue
            ways = list(islice(ways_to(study.program, function, _ROLES), _SHOWN))
            if ways:
                yield _report(study, function, line, what, ways)
        for link in started.get(function, ()):
            yield from _direct(study, link)


def _may_read(study: Study) -> set[Function]:
    """Functions for which `_reads` is worth while: all others read nothing."""
    readers = study.calls.ending(name.rpartition(".")[2] for name in _READERS)
    found = {link.caller for link in study.calls.of(_READS)}
    found |= {x.caller for x in readers if any("stdin" in value.text for value in x.call.args)}
    return found | {
        function
        for function in study.program.functions.values()
        for access in function.facts.accesses
        if access.kind == "iterate" and "stdin" in access.path
    }


def _reads(function: Function) -> Iterator[tuple[int, int, int, str]]:
    """Line, context, seq and source of every read of the terminal in a function."""
    for link in function.calls:
        if link.external in _READS and not link.targets:
            yield link.call.line, link.call.ctx, link.call.seq, f"{link.call.path}()"
        elif link.call.path in _READERS and any(
            _is_stdin(function, v.text) for v in link.call.args
        ):
            yield link.call.line, link.call.ctx, link.call.seq, f"{link.call.path}(stdin)"
    for access in function.facts.accesses:
        if access.kind == "iterate" and _is_stdin(function, access.path):
            yield access.line, access.ctx, access.seq, f"for ... in {access.path}"


def _direct(study: Study, link: Link) -> Iterator[Finding]:
    """`Thread(target=input)`: the builtin itself is what runs on the thread."""
    function, call = link.caller, link.call
    for row in study.models.entries.get(link.external, ()):
        value = calls.argument(call, row.position, row.argument)
        if value is None or RoleKind(row.role) not in _ROLES:
            continue
        name = names.qualify(function, value.text) if value.kind == "path" else ""
        if name in _READS:
            step = Step("start", function.place(call.line, value.text), function.label)
            yield study.finding(
                "RC434",
                function.label,
                f"`{name}()` reads the terminal on a thread (`{call.path}`)",
                [step],
                confidence=_confidence(link),
                evidence=[f"`{link.external}` runs it on a thread of its own"],
            )


def _confidence(link: Link | None) -> Confidence:
    """An event loop has no other way to wait for the terminal than a thread."""
    offloaded = link is not None and link.external.startswith(_OFFLOADS)
    return Confidence.POSSIBLE if offloaded else Confidence.LIKELY


def _starter(study: Study, way: Way) -> Link | None:
    """The call that starts the thread of an entry."""
    function = study.program.functions.get(way.entry.starts)
    found = function.calls if function is not None else []
    return next((x for x in found if x.call.seq == way.entry.call and not x.implicit), None)


def _is_stdin(function: Function, path: str) -> bool:
    """Does the path mean standard input, or one of its reading methods?"""
    if "stdin" not in path:
        return False
    name = names.qualify(function, path)
    return name == "sys.stdin" or name in _READS


def _replaces_stdin(study: Study) -> frozenset[str]:
    """Modules that put something else in the place of sys.stdin."""
    return frozenset(
        function.module.name
        for function in study.program.functions.values()
        for access in function.facts.accesses
        if access.kind == "write" and access.path == "sys.stdin"
    )


def _is_bounded(function: Function, seq: int, ctx: int) -> bool:
    """Was there a look whether input is waiting, or a test for the main thread?"""
    if any(link.external in _BOUNDED and link.call.seq < seq for link in function.calls):
        return True
    return ctx >= 0 and asks_for_thread(function, ctx)


def _report(study: Study, function: Function, line: int, what: str, ways: list[Way]) -> Finding:
    way = ways[0]
    process = way.entry.role is RoleKind.PROCESS
    mark = what.partition("(")[0].removeprefix("for ... in ")
    step = Step("read", function.place(line, mark), function.label, way.entry.how)
    where = "in a child process" if process else f"on a thread ({way.entry.how})"
    return study.finding(
        "RC434",
        function.label,
        f"`{what}` reads the terminal {where}",
        [step, *way.steps],
        confidence=_sureness(study, function, what, ways),
        evidence=list(_evidence(study, function, ways)),
        help="Read in the main thread and hand the lines over with a queue.Queue.",
    )


def _sureness(study: Study, function: Function, what: str, ways: list[Way]) -> Confidence:
    """One thread that alone reads, and does not keep the program from its end, is meant to.

    It is a daemon, or reads bytes: they come from a pipe, whose other end closes it.
    """
    made = _made(study, ways[0])
    alone = len(ways) == 1 and not ways[0].entry.many and RoleKind.MAIN not in function.roles
    if alone and not _competes(function, ways[0]) and made is not None:
        if _says_daemon(made) or "stdin.buffer" in what:
            return Confidence.POSSIBLE
    return max((_confidence(_starter(study, way)) for way in ways), key=lambda c: c.rank)


def _competes(function: Function, way: Way) -> bool:
    """Does anybody else in this module read? Other modules may be programs of their own.

    What the starter asks before it starts the thread is answered by then.
    """
    for other in function.module.functions.values():
        if other is function:
            continue
        for _, ctx, seq, _ in _reads(other):
            before = other.id == way.entry.starts and seq < way.entry.call
            if not before or other.context(ctx).loop >= 0:
                return True
    return False


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


def _says_daemon(made: Made) -> bool:
    """Does the starter, or the class of the thread, say that it is a daemon?"""
    start = made.cls.find_method("__init__") if made.cls is not None else None
    if _marked(made) or start is None:
        return _marked(made)
    facts = start.facts
    given = ((k, v) for call in facts.calls for k, v in call.keywords)
    return any(a.path == "self.daemon" and a.kind == "write" for a in facts.accesses) or any(
        key == "daemon" and value.text == "True" for key, value in given
    )


def _is_daemon(made: Made) -> bool:
    """May it be a daemon? A class of its own may say so where we do not look."""
    return made.cls is not None or _marked(made)


def _marked(made: Made) -> bool:
    """Does the starter say that it is a daemon?"""
    call = made.link.call
    if any(name == "daemon" and value.text != "False" for name, value in call.keywords):
        return True
    marks = {f"{call.into}.daemon", f"{call.into}.setDaemon"}
    facts = made.function.facts
    return any(a.path in marks for a in facts.accesses) or any(c.path in marks for c in facts.calls)
