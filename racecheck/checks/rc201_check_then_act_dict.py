"""A key is looked for, and then stored, used or deleted, without one lock around both."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC201",)


def find(study: Study) -> Iterator[Finding]:
    """Membership tests that the act relies on."""
    for race in study.races.of("check dict"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC201",
            state,
            f"Check, then act, on the keys of `{state}`",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
