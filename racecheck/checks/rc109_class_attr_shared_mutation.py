"""A mutable class attribute changed while instances live on several threads."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC109",)


def find(study: Study) -> Iterator[Finding]:
    """Compound changes of class-level containers."""
    for race in study.races.of("class container"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC109",
            state,
            f"Class attribute `{state}` is shared by all instances and changed without a lock",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
