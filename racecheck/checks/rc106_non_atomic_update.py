"""A read-modify-write of shared state that another thread can interrupt."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC106",)


def find(study: Study) -> Iterator[Finding]:
    """Updates with an open switch window and no lock."""
    for race in study.races.of("lost update"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC106",
            state,
            f"The update of `{state}` can lose another thread's",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
