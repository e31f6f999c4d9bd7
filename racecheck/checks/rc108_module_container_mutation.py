"""A module-level container changed by threads without a lock."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC108",)


def find(study: Study) -> Iterator[Finding]:
    """Compound changes of global containers."""
    for race in study.races.of("global container"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC108",
            state,
            f"Module-level `{state}` is changed without a lock",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
