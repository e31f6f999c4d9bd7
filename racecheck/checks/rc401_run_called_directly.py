"""RC401: `Thread.run()` called where `start()` was meant."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.starts import Threads, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program import types
from racecheck.program.model import Function, Link

CODES = ("RC401",)


def find(study: Study) -> Iterator[Finding]:
    """Calls of `run` on an object that surely is a thread."""
    known = threads(study)
    for link in study.calls.ending(("run",)):
        if link.caller.module.is_test or link.call.path == "run":
            continue
        kind = _thread(known, link)
        if kind and not _is_meant(link.caller, link):
            yield _report(study, link, kind, _confidence(known, link))


def _thread(known: Threads, link: Link) -> str:
    """The thread class of the receiver, "" when it may be something else."""
    names = types.of(link.caller, link.receiver)
    found = {_kind(known, name) for name in names}
    return found.pop() if len(found) == 1 else ""


def _kind(known: Threads, name: str) -> str:
    if name in known.kinds:
        return name
    cls = known.program.classes.get(name)
    return known.kind_of(cls) if cls is not None and not cls.opaque else ""


def _is_meant(function: Function, link: Link) -> bool:
    """`self.run()`, `super().run()`, and a choice between run() and start()."""
    if link.receiver in ("self", "cls", "super()") or link.receiver.startswith("super"):
        return True
    if any(p.name == link.receiver for p in function.facts.params) and function.name == "run":
        return True
    start = f"{link.receiver}.start"
    return any(call.path == start for call in function.facts.calls)


def _confidence(known: Threads, link: Link) -> Confidence:
    """A thread class that nobody ever starts may be meant to run in the foreground."""
    if "." not in link.receiver or types.of(link.caller, link.receiver) <= known.kinds.keys():
        return Confidence.LIKELY
    classes = types.of(link.caller, link.receiver)
    started = any(types.of(call.caller, call.receiver) & classes for call in known.calls)
    return Confidence.LIKELY if started else Confidence.POSSIBLE


def _report(study: Study, link: Link, kind: str, confidence: Confidence) -> Finding:
    function, call = link.caller, link.call
    name = kind.rpartition(".")[2]
    step = Step(
        "call",
        function.place(call.line, f"{call.path}"),
        function.label,
        note="runs the body here and now, on the calling thread",
    )
    return study.finding(
        "RC401",
        link.receiver.replace("()", ""),
        f"`{call.path}()` runs the {name.lower()} in the calling thread: `start()` was meant",
        [step],
        confidence=confidence,
        evidence=[f"`{link.receiver}` is a `{kind}`"],
    )
