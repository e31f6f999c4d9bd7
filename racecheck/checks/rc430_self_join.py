"""RC430: a thread that joins itself."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.reach import Way, asks_for_thread, on_same_object
from racecheck.analyses.siblings import related
from racecheck.analyses.starts import threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL
from racecheck.program.model import Class, Entry, Function, Link, RoleKind
from racecheck.program.tables import of

CODES = ("RC430",)
_CATCH = CATCH_ALL | {"RuntimeError"}


def find(study: Study) -> Iterator[Finding]:
    """Joins that the joined thread itself reaches, on the same object."""
    seen: set[tuple[str, int]] = set()
    for entry in study.program.entries:
        body = study.program.functions.get(entry.function)
        if entry.role is not RoleKind.THREAD or body is None:
            continue
        for links, function in on_same_object(body, lambda link: not _asked(link)):
            for link in function.calls:
                key = (function.id, link.call.seq)
                if key not in seen and _joins_self(study, link, body) and not _asked(link):
                    seen.add(key)
                    yield _report(study, link, Way(entry, links), entry)


def _asked(link: Link) -> bool:
    """Is the call under a test of which thread this is, or its error caught?"""
    context = link.caller.context(link.call.ctx)
    if asks_for_thread(link.caller, link.call.ctx) or _names_thread(link.caller, link.call.ctx):
        return True
    return link.call.path.endswith(".join") and not _CATCH.isdisjoint(context.catches)


def _names_thread(function: Function, ctx: int) -> bool:
    """A helper asks: `if not self._in_worker_thread():`."""
    words = ("current", "main_thread", "in_thread", "own_thread", "ident", "is_self", "from_thread")
    return any(word in t.target.lower() for t in function.tests(ctx) for word in words)


def _joins_self(study: Study, link: Link, body: Function) -> bool:
    """`self.join()` of a Thread subclass, or `self._thread.join()` of the thread of `body`."""
    call, function = link.call, link.caller
    if not call.path.endswith(".join"):
        return False
    known = threads(study)
    receiver = of(function).receivers.get(function)
    if receiver is None or receiver.is_class:
        return False
    if link.receiver == receiver.name:
        return body.name == "run" and bool(known.kind_of(receiver.cls))
    if link.receiver.rpartition(".")[0] != receiver.name:
        return False
    made = known.behind(function, link.receiver, call.seq)
    return made is not None and body in made.bodies and _same_owner(body, receiver.cls)


def _same_owner(body: Function, cls: Class) -> bool:
    """Does the body run on the object whose method joins?"""
    receiver = of(body).receivers.get(body)
    return receiver is not None and related(receiver.cls, cls)


def _report(study: Study, link: Link, way: Way, entry: Entry) -> Finding:
    function, call = link.caller, link.call
    step = Step(
        "join",
        function.place(call.line, call.path),
        function.label,
        entry.how,
        note="RuntimeError: cannot join current thread",
    )
    return study.finding(
        "RC430",
        link.receiver,
        f"`{call.path}()` is reached on the very thread that it joins",
        [step, *way.steps],
        evidence=[f"the thread runs {way.text}"],
    )
