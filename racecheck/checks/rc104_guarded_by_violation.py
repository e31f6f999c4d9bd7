"""A state that is declared as guarded is used without its lock."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import sides
from racecheck.analyses.guards import Profile, Seen
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding
from racecheck.program.model import State

CODES = ("RC104",)


def find(study: Study) -> Iterator[Finding]:
    """Uses of declared states after construction that do not hold the declared lock."""
    for state in sorted(study.program.states.values(), key=lambda s: (s.id.owner, s.id.name)):
        if not state.guarded_by:
            continue
        profile = study.guards.profile(state)
        holders = [s for s in profile.seen if _holds(s, state.guarded_by)]
        told: set[str] = set()
        for seen in profile.seen:
            function = seen.use.function.id
            if seen in holders or seen.wild or function in told:
                continue
            if seen.use.access.via in ("()", "declared"):
                continue
            told.add(function)
            yield _finding(study, state, profile, seen, holders)


def _holds(seen: Seen, declared: str) -> bool:
    wanted = declared.rpartition(".")[2]
    return any(h.lock.id.rpartition(".")[2] == wanted for h in seen.held)


def _finding(
    study: Study, state: State, profile: Profile, seen: Seen, holders: list[Seen]
) -> Finding:
    label = state.id.label
    steps = [sides.side(seen, "the declared lock is not held")]
    if holders:
        steps.append(sides.side(holders[0], "as declared"))
    held = f"{len(holders)} of {len(profile.seen)} uses hold it"
    return study.finding(
        "RC104",
        label,
        f"`{label}` is declared as guarded by `{state.guarded_by}`, which is not held",
        steps,
        evidence=[f"declared by a comment or annotation; {held}"],
    )
