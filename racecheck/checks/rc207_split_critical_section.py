"""A value is read under a lock and acted on under the same lock, taken a second time."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC207",)


def find(study: Study) -> Iterator[Finding]:
    """Check and act in two critical sections of one lock."""
    for race in study.races.of("split"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC207",
            state,
            f"The lock of `{state}` is released between the check and the act",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
