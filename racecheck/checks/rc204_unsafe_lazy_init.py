"""State that is made on first use, by whichever threads come first."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC204",)


def find(study: Study) -> Iterator[Finding]:
    """Lazy initialisation without a lock."""
    for race in study.races.of("lazy"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC204",
            state,
            f"`{state}` can be initialised twice",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
