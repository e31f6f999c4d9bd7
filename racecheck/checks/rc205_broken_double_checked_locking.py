"""The lock is taken after the check, and the check is not repeated under it."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC205",)


def find(study: Study) -> Iterator[Finding]:
    """Double-checked locking without the second check."""
    for race in study.races.of("double-checked"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC205",
            state,
            f"`{state}` is checked before the lock is taken and not again under it",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
