"""RC508: a coroutine that is made and never awaited."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import coroutines
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Function, Link
from racecheck.program.tables import of

CODES = ("RC508",)
_COROUTINES = frozenset(
    [f"asyncio.{name}" for name in ("sleep", "wait_for", "wait", "to_thread", "open_connection")]
    + [f"asyncio.{kind}.acquire" for kind in ("Lock", "Semaphore", "BoundedSemaphore", "Condition")]
    + [f"asyncio.{kind}.wait" for kind in ("Event", "Condition", "Barrier")]
    + [f"asyncio.{kind}.{m}" for kind in ("Queue", "PriorityQueue", "LifoQueue")
       for m in ("get", "put", "join")]
)  # fmt: skip
_PLAIN_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "override", "final"}
)


def find(study: Study) -> Iterator[Finding]:
    """Calls of coroutine functions as statements of their own."""
    for function in study.program.functions.values():
        for link in function.calls:
            if link.call.use != "drop" or link.implicit:
                continue
            if not (link.external in _COROUTINES or _only_coroutines(link)):
                continue
            if not _is_expected(link) and not _is_rebound(function, link.call.path):
                yield _report(study, link)


def _is_rebound(function: Function, path: str) -> bool:
    return any(a.path == path and a.kind == "write" for a in function.facts.accesses)


def _only_coroutines(link: Link) -> bool:
    """Is every function that this call may reach a plain coroutine function?"""
    if not link.targets or link.external or link.constructs:
        return False
    return all(map(_is_coroutine, link.targets)) and _is_certain(link)


def _is_certain(link: Link) -> bool:
    """Ordinary code that calls a coroutine may have a twin: its objects must be known for sure."""
    function = link.caller
    if function.facts.is_async:
        return True
    receiver = of(function).receivers.get(function)
    if receiver is not None and link.receiver == receiver.name:
        return True
    return not link.receiver and all(t.module is function.module for t in link.targets)


def _is_coroutine(function: Function) -> bool:
    facts = function.facts
    if not facts.is_async or facts.is_generator:
        return False
    plain = all(d.text.rpartition(".")[2] in _PLAIN_DECORATORS for d in facts.decorators)
    return plain and not _is_declaration(function)


def _is_declaration(function: Function) -> bool:
    """A method of a protocol or an abstract one says nothing about what will be called."""
    cls = function.cls
    if cls is not None and any(b.rpartition(".")[2] == "Protocol" for b in cls.facts.bases):
        return True
    return any("abstract" in d.text for d in function.facts.decorators)


def _is_expected(link: Link) -> bool:
    """`with pytest.raises(TypeError): coroutine_function()`."""
    function = link.caller
    regions = [function.facts.regions[i] for i in function.context(link.call.ctx).held]
    return any(r.path.partition("(")[0].rpartition(".")[2] in ("raises", "warns", "assertRaises")
               for r in regions)  # fmt: skip


def _report(study: Study, link: Link) -> Finding:
    function, call = link.caller, link.call
    steps = [
        Step(
            "call",
            function.place(call.line, call.path),
            function.label,
            note="makes a coroutine object and drops it",
        )
    ]
    for target in link.targets[:1]:
        place = target.place(target.facts.line, f"def {target.name}")
        steps.append(Step("define", place, target.label, note="none of its body runs"))
    nothing = bool(link.targets) and all(map(coroutines.does_nothing, link.targets))
    advice = f"Write `await {call.path}(...)`."
    if not function.facts.is_async:
        advice = f"`{function.label}` must be a coroutine function to await it."
    return study.finding(
        "RC508",
        call.path,
        f"`{call.path}()` is a coroutine that is never awaited",
        steps,
        confidence=Confidence.POSSIBLE if nothing else Confidence.LIKELY,
        help=advice,
    )
