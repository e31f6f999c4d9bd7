"""A method takes the lock and then hands out the guarded container itself."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.guards import Profile, Seen
from racecheck.analyses.lockset import GUESS
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding

CODES = ("RC124",)


def find(study: Study) -> Iterator[Finding]:
    """Guarded containers returned or yielded from inside their critical section."""
    for profile, evidence in study.hazards.shared():
        if (
            profile.state.id.kind == "cell"
            or profile.guard is None
            or not study.hazards.is_container(profile.state)
        ):
            continue
        changing = [s for s in profile.seen if s.use.access.kind == "mutate"]
        for seen in profile.seen:
            elsewhere = [s for s in changing if s.use.function is not seen.use.function]
            elsewhere = [s for s in elsewhere if not _in_one_session(seen, s)]
            if elsewhere and _hands_out(profile, seen):
                label = profile.state.id.label
                yield study.finding(
                    "RC124",
                    label,
                    f"`{label}` leaves the critical section: the caller uses it without the lock",
                    [
                        sides.side(seen, "the live object is returned"),
                        sides.side(elsewhere[0], "changed in place under the lock"),
                    ],
                    evidence=[f"shared: {evidence.text}", profile.guard.text],
                )


def _hands_out(profile: Profile, seen: Seen) -> bool:
    access, function = seen.use.access, seen.use.function
    public = not function.name.startswith("_") and function.parent is None
    taken_here = bool(function.facts.contexts[access.ctx].held)
    whole = access.kind == "read" and access.via == "return" and not access.snapshot
    return public and whole and taken_here and profile.guarded(seen)


def _in_one_session(seen: Seen, other: Seen) -> bool:
    """Is a lock kept beyond the method that hands out, which the change needs as well?"""
    kept = {h.lock.id for h in seen.held if h.via == GUESS}
    return any(h.lock.id in kept for h in other.held)
