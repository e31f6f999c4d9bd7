"""State that most places guard, changed in a place that does not."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC102",)


def find(study: Study) -> Iterator[Finding]:
    """Writes that do not hold the lock which guards the state elsewhere."""
    for race in study.races.of("inconsistent"):
        state = race.profile.state.id.label
        lock = race.guard.lock.name if race.guard else "its lock"
        yield study.finding(
            "RC102",
            state,
            f"`{state}` is changed without `{lock}`, which guards it elsewhere",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=sides.evidence(race),
        )
