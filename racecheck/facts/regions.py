"""What is held, left loose and signalled at a point: the flow state of one function.

A structured abstract interpretation: branches are joined, exits record the state at which control
leaves, with what pending `finally` blocks will still do. `must` and `done` are must-analyses
(joined by intersection), `loose` is a may-analysis (joined by union). Exceptional edges end in the
handlers of the statement's own `try`, or leave the function as `throw` points.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flow:
    """State at one point. must: regions begun by `acquire`.

    loose: (path, seq) acquired, perhaps not released.
    """

    must: tuple[int, ...] = ()
    loose: frozenset[tuple[str, int]] = frozenset()
    done: frozenset[str] = frozenset()


EMPTY = Flow()


def join(flows: list[Flow]) -> Flow:
    """The state where several paths meet; EMPTY when none arrives."""
    if not flows:
        return EMPTY
    first, *rest = flows
    if all(other is first for other in rest):
        return first
    must = tuple(r for r in first.must if all(r in other.must for other in rest))
    loose = frozenset().union(*(flow.loose for flow in flows))
    done = first.done.intersection(*(other.done for other in rest))
    return Flow(must, loose, done)


def thrown(before: Flow, after: Flow) -> Flow:
    """The state in a handler: anything from the start to the end of the body may have happened."""
    return join([before, after])


@dataclass(slots=True)
class Finally:
    """A pending `finally`: calls it surely makes, as `path.method`."""

    calls: frozenset[str]


@dataclass(slots=True)
class LoopFlow:
    """States that leave a loop by `break`. must: what was held when the loop began."""

    breaks: list[Flow] = field(default_factory=list)
    try_depth: int = 0
    must: tuple[int, ...] = ()
