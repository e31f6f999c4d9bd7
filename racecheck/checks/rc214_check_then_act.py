"""A state is tested and then changed or used on the strength of the test."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC214",)


def find(study: Study) -> Iterator[Finding]:
    """Comparisons that a later change relies on, without one lock around both."""
    for race in study.races.of("check"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC214",
            state,
            f"Check, then act, on `{state}` without holding one lock",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
