"""A container is found not empty, then an element is taken out, without one lock around both."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC202",)


def find(study: Study) -> Iterator[Finding]:
    """Emptiness tests that a removal relies on."""
    for race in study.races.of("check remove"):
        state = race.profile.state.id.label
        member = race.pair is not None and race.pair.check.use.access.via in ("in", "not in")
        what = f"The element found in `{state}`" if member else f"`{state}`"
        gone = "be gone" if member else "be empty"
        yield study.finding(
            "RC202",
            state,
            f"{what} may {gone} by the time the element is taken",
            sides.steps(race),
            confidence=race.confidence,
            severity=race.severity,
            evidence=[race.why, *sides.evidence(race)],
        )
