"""A container is iterated while another thread can add or remove."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC115",)


def find(study: Study) -> Iterator[Finding]:
    """Unprotected iterations of a container that changes."""
    for race in study.races.of("iteration"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC115",
            state,
            f"`{state}` is iterated while another thread can change it",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
