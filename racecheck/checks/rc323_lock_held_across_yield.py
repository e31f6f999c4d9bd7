"""RC323: a generator that yields with a lock held."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Point
from racecheck.program import locks, names
from racecheck.program.model import Function, Held

CODES = ("RC323",)

_HARMLESS = frozenset(
    "staticmethod classmethod property abc.abstractmethod typing.override typing.overload"
    " typing.no_type_check functools.wraps typing_extensions.override".split()
)
_DRAINING = frozenset(
    "list tuple set frozenset dict sorted sum min max any all len collections.deque"
    " collections.Counter collections.OrderedDict".split()
)


def find(study: Study) -> Iterator[Finding]:
    """Yields inside a section that the generator itself has opened."""
    for function in study.program.functions.values():
        if not function.facts.is_generator:
            continue
        yields = [p for p in function.facts.points if p.kind == "yield"]
        under = [(point, held) for point in yields if (held := _held(function, point))]
        if not under or _is_something_else(function) or _drained(function):
            continue
        reported: set[str] = set()
        for point, held in under:
            if held.lock.id not in reported and _wanted_elsewhere(study, function, held):
                reported.add(held.lock.id)
                yield _report(study, function, point, held)


def _wanted_elsewhere(study: Study, generator: Function, held: Held) -> bool:
    """Does another function wait for this lock? One that only admits one consumer may be kept."""
    if held.lock.is_async or held.lock.kind not in ("lock", "rlock"):
        return True
    return any(
        pair.event.kind == "acquire"
        and not pair.event.tries
        and pair.lock is not None
        and pair.lock.lock.id == held.lock.id
        for function, pair in study.critical.everything()
        if function is not generator and not pair.trail
    )


def _held(function: Function, point: Point) -> Held | None:
    """A lock held at the yield, innermost first."""
    for held in reversed(locks.held(function, point.ctx)):
        if held.lock.kind in EXCLUSIVE:
            return held
    return None


def _is_something_else(function: Function) -> bool:
    """A context manager, fixture or coroutine by decorator; one by its shape or by its use."""
    for decorator in function.facts.decorators:
        if names.qualify(function, decorator.text) not in _HARMLESS:
            return True
    if (
        function.escapes
        or _is_passed_on(function)
        or any(entry.function == function.id for entry in function.entries)
    ):
        return True
    yields = [p for p in function.facts.points if p.kind == "yield"]
    if len(yields) != 1:
        return False
    (only,) = yields
    value = only.value
    return function.context(only.ctx).loop < 0 and not (value and value.kind == "from")


def _is_passed_on(function: Function) -> bool:
    """`session = contextmanager(_session)`, `Depends(connection)`: called by somebody else."""
    for other in function.module.functions.values():
        for call in other.facts.calls:
            for value in (*call.args, *(value for _, value in call.keywords)):
                if value.kind == "path" and value.text.rpartition(".")[2] == function.name:
                    return True
    return False


def _drained(function: Function) -> bool:
    """A private generator whose callers all read it to the end at once."""
    if not function.name.startswith("_") or function.name.endswith("__") or not function.callers:
        return False
    return all(
        link.call.use == "arg" and names.qualify(link.caller, link.call.into) in _DRAINING
        for link in function.callers
    )


def _report(study: Study, function: Function, point: Point, held: Held) -> Finding:
    name = held.lock.name
    steps = [
        Step(
            "yield",
            function.place(point.line, "yield"),
            function.label,
            held=(name,),
            note="the consumer runs from here on, for as long as it likes",
        ),
        Step(
            "lock",
            function.place(held.line or function.facts.line),
            function.label,
            note=f"takes `{name}`",
        ),
    ]
    return study.finding("RC323", name, f"`{function.label}` yields while it holds `{name}`", steps)
