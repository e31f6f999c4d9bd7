"""One state, two locks: each use holds a lock, but not the same one."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC103",)


def find(study: Study) -> Iterator[Finding]:
    """Writes under another lock than the rest."""
    for race in study.races.of("mixed"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC103",
            state,
            f"`{state}` is changed under another lock than elsewhere",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
