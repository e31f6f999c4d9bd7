"""From what was suspected to where agents are to stand at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from racecheck.core.finding import Finding
from racecheck.explore.places import place_of
from racecheck.explore.strategies.directed import Target
from racecheck.runtime.observers.races import Observer
from racecheck.runtime.shadow import Touch
from racecheck.runtime.sites import before

ORDER: Final = ("RC309", "RC310")
"""Codes of lock-order inversions."""


def of_races(observer: Observer) -> list[Target]:
    """One for each pair of places that raced."""
    found: dict[tuple[str, ...], Target] = {}
    for race, _ in observer.found.values():
        stops = tuple(sorted((_key(race.first), _key(race.second))))
        found.setdefault(stops, Target(f"race {race.label}", stops))
    return list(found.values())


def of_orders(findings: Iterable[Finding]) -> list[Target]:
    """One for each inversion: each thread before the lock that it lacks."""
    targets = []
    for finding in findings:
        asks = [step for step in finding.steps if step.role != "holds"]
        if finding.code in ORDER and len(asks) > 1:
            stops = tuple(f"acquire {step.place.path}:{step.place.line}" for step in asks)
            targets.append(Target(f"order {finding.subject}", stops))
    return targets


def _key(touch: Touch) -> str:
    stand = before(touch.site)
    kind = "accessed" if stand is None else "coming" if stand.announces else "access"
    return f"{kind} {place_of(touch.site)}"
