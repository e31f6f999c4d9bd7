"""Two objects of one class are locked one inside the other, in an order that the caller chooses."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.lock_order import Edge, edges
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Link

CODES = ("RC310",)

_ORDERING = frozenset({"sorted", "id", "min", "max", "hash", "sort"})


def find(study: Study) -> Iterator[Finding]:
    """Nested acquisitions of the same lock of two different objects."""
    told: set[tuple[str, int]] = set()
    for edge in edges(study.critical):
        first, second = edge.first, edge.second
        if first.lock.id != second.lock.id or first.lock.scope != "instance":
            continue
        where = (edge.function.id, edge.pair.event.line)
        if edge.pair.trail or where in told or not _two_objects(edge) or _ordered(edge):
            continue
        told.add(where)
        yield _finding(study, edge)


def _two_objects(edge: Edge) -> bool:
    """Both objects come from outside: parameters, or one parameter and self."""
    facts = edge.function.facts
    params = {p.name for p in facts.params}
    one, other = edge.first.base, edge.second.base
    return one != other and one in params and other in params


def _ordered(edge: Edge) -> bool:
    """Does the function sort or compare the objects first?"""
    facts = edge.function.facts
    if any(c.path.rpartition(".")[2] in _ORDERING for c in facts.calls):
        return True
    bases = {edge.first.base, edge.second.base}
    rebound = {a.path for a in facts.accesses if a.kind in ("write", "update")}
    if bases & rebound:
        return True
    compared = [t for t in facts.tests if t.shape == "compare" and t.line <= edge.pair.event.line]
    return any(bases & {t.target.partition(".")[0]} or bases <= set(t.names) for t in compared)


def _finding(study: Study, edge: Edge) -> Finding:
    name = edge.first.lock.name
    held, wanted = edge.first, edge.second
    outer = Step(
        "acquire",
        edge.function.place(held.line, f"{held.base}.{name.rpartition('.')[2]}"),
        edge.function.label,
        note=f"`{held.base}` is locked first",
    )
    inner = trails.event(edge.pair, "acquire", f"then `{wanted.base}`, while holding the first")
    calls = _both_ways(edge.function.callers, edge)
    evidence = [f"the order is the order of the arguments of `{edge.function.label}`"]
    evidence += [f"called at {c.caller.place(c.call.line)}" for c in calls[:2]]
    return study.finding(
        "RC310",
        name,
        f"Two `{name}` are taken in the order of the arguments",
        [inner, outer],
        confidence=Confidence.LIKELY,
        evidence=evidence,
    )


def _both_ways(callers: list[Link], edge: Edge) -> list[Link]:
    return [c for c in callers if not c.caller.module.is_test]
