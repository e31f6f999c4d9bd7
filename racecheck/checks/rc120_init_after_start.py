"""RC120: a thread is given what it needs after it was started."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.reach import on_same_object, waits_before
from racecheck.analyses.starts import Start, Threads, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL, Access
from racecheck.program.model import Class, Function, Link

CODES = ("RC120",)
_CATCH = CATCH_ALL | {"AttributeError", "RuntimeError"}


def find(study: Study) -> Iterator[Finding]:
    """Assignments to running threads: `daemon`, and attributes that `run` needs."""
    known = threads(study)
    for link in known.calls:
        yield from _daemon(study, link)
    for start in known.starts:
        yield from _attributes(study, start, known)


# --- daemon -----------------------------------------------------------------------------------


def _daemon(study: Study, link: Link) -> Iterator[Finding]:
    function, path = link.caller, link.receiver
    for line, seq, ctx, mark in _daemon_settings(function, path):
        if seq > link.call.seq and _is_behind(function, link, seq, ctx):
            step = Step(
                "write",
                function.place(line, mark),
                function.label,
                note="RuntimeError: cannot set daemon status of active thread",
            )
            place = function.place(link.call.line, link.call.path)
            yield study.finding(
                "RC120",
                mark,
                f"`{mark}` is set after `{link.call.path}()`, which raises RuntimeError",
                [step, Step("start", place, function.label)],
            )
            return


def _daemon_settings(function: Function, path: str) -> Iterator[tuple[int, int, int, str]]:
    for access in function.facts.accesses:
        if access.path == f"{path}.daemon" and access.kind == "write":
            yield access.line, access.seq, access.ctx, access.path
    for call in function.facts.calls:
        if call.path == f"{path}.setDaemon":
            yield call.line, call.seq, call.ctx, call.path


def _is_behind(function: Function, link: Link, seq: int, ctx: int) -> bool:
    """Does control surely come from the start to this point, with the same object?"""
    start, here = function.context(link.call.ctx), function.context(ctx)
    if here.tests[: len(start.tests)] != start.tests or start.loop != here.loop:
        return False
    if start.part != here.part or not _CATCH.isdisjoint(here.catches):
        return False
    return not any(
        a.path == link.receiver and a.kind == "write" and link.call.seq < a.seq < seq
        for a in function.facts.accesses
    ) and not any(
        c.into == link.receiver and link.call.seq < c.seq < seq for c in function.facts.calls
    )


# --- attributes that run() reads --------------------------------------------------------------


def _attributes(study: Study, start: Start, known: Threads) -> Iterator[Finding]:
    cls = start.body.cls
    owner = start.owner
    if cls is None or not owner.isidentifier() or owner in ("self", "cls"):
        return
    if not known.kind_of(cls) or cls.opaque or cls.find_method("__getattr__"):
        return
    function = start.function
    seen: set[str] = set()
    for access in function.facts.accesses:
        base, _, name = access.path.partition(".")
        if base != owner or access.kind != "write" or not name.isidentifier() or name in seen:
            continue
        if access.seq < start.link.call.seq:
            seen.add(name)
            continue
        behind = _is_behind(function, start.link, access.seq, access.ctx)
        if behind and not _declared(cls, name) and (read := _read(start.body, name)):
            seen.add(name)
            yield _report(study, start, access, *read)


def _declared(cls: Class, name: str) -> bool:
    """Has the class the attribute from the start, or does anything else give it one?"""
    return any(
        name in base.attributes or name in base.methods for base in (*cls.mro, *cls.subclasses)
    )


def _read(body: Function, name: str) -> tuple[Function, Access] | None:
    for links, function in on_same_object(body):
        if any(waits_before(link.caller, link.call.seq) for link in links):
            continue
        for access in function.facts.accesses:
            path = f"self.{name}"
            if access.path == path or access.path.startswith((f"{path}.", f"{path}[")):
                caught = not _CATCH.isdisjoint(function.context(access.ctx).catches)
                if not caught and not waits_before(function, access.seq):
                    return function, access
    return None


def _report(study: Study, start: Start, write: Access, reader: Function, read: Access) -> Finding:
    function, call = start.function, start.link.call
    steps = [
        Step(
            "write",
            function.place(write.line, write.path),
            function.label,
            note="until here the attribute does not exist",
        ),
        Step("start", function.place(call.line, call.path), function.label),
        Step(
            "read",
            reader.place(read.line, read.path),
            reader.label,
            start.how,
            note="AttributeError when the thread is first",
        ),
    ]
    return study.finding(
        "RC120",
        write.path,
        f"`{write.path}` is assigned after `{call.path}()`, and the thread reads it",
        steps,
        evidence=[f"nothing else gives `{start.body.label}` this attribute"],
    )
