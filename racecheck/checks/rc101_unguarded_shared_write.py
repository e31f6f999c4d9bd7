"""State that several threads change, without a lock on this side."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC101",)

_WORDS = {"update": "update", "mutate": "change", "write": "write", "delete": "deletion"}


def find(study: Study) -> Iterator[Finding]:
    """Unguarded writes that a known thread can reach."""
    for race in study.races.of("unguarded"):
        state = race.profile.state.id.label
        yield study.finding(
            "RC101",
            state,
            f"Unguarded {_WORDS[race.seen.use.access.kind]} of `{state}`",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=sides.evidence(race),
        )
