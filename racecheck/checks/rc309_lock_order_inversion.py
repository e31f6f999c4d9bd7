"""Two locks are taken in both orders."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.lock_order import Edge, edges, inversions
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step

CODES = ("RC309",)


def find(study: Study) -> Iterator[Finding]:
    """Pairs of locks with a path in each order."""
    for one, other in inversions(list(edges(study.critical))):
        first, second = one.first.lock.name, one.second.lock.name
        yield study.finding(
            "RC309",
            f"{first}, {second}",
            f"`{first}` and `{second}` are taken in both orders",
            [*_side(one), *_side(other)],
            confidence=_confidence(one, other),
            evidence=[
                f"`{one.function.label}` takes `{first}`, then `{second}`; "
                f"`{other.function.label}` takes `{second}`, then `{first}`",
                "no third lock is held by both",
            ],
        )


def _side(edge: Edge) -> list[Step]:
    note = f"waits for `{edge.second.lock.name}`, holds `{edge.first.lock.name}`"
    return trails.path(edge.pair, "acquire", note)


def _confidence(one: Edge, other: Edge) -> Confidence:
    long = len(one.pair.trail) + len(other.pair.trail) > 4
    return Confidence.POSSIBLE if long else Confidence.LIKELY
