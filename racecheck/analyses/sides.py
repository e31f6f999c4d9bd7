"""The two sides of a race as steps, in the words of the report."""

from __future__ import annotations

from collections.abc import Collection

from racecheck.analyses.guards import Profile, Seen
from racecheck.analyses.races import Race
from racecheck.core.finding import Step
from racecheck.program.model import Entry

_ROLES = {
    "read": "read",
    "check": "check",
    "write": "write",
    "update": "update",
    "mutate": "change",
    "iterate": "iterate",
    "delete": "delete",
}


def side(
    seen: Seen, note: str = "", role: str = "", among: Collection[Entry] | None = None
) -> Step:
    """One use as a step: what it does, where, on which thread, with which locks.

    among: the threads that the verdict speaks of. Others may come here, from a test or for another
    object.
    """
    use = seen.use
    entries = (e for e in use.function.entries if among is None or e in among)
    entry = next(entries, None)
    return Step(
        role=role or _ROLES[use.access.kind],
        place=use.function.place(use.access.line, use.access.path),
        function=use.function.label,
        thread=entry.how if entry is not None else "",
        held=seen.locks,
        note=note,
    )


def steps(race: Race) -> list[Step]:
    """The side to change, then what it conflicts with."""
    entries = race.evidence.entries
    if race.pair is not None:
        found = [
            side(race.pair.check, role="check", among=entries),
            side(race.pair.act, role="act", among=entries),
        ]
        if race.other is not None and race.other is not race.pair.act:
            found.append(side(race.other, "on another thread", among=entries))
        return found
    found = [side(race.seen, among=entries)]
    if race.other is not None:
        note = "the same code on another thread" if race.other is race.seen else ""
        found.append(side(race.other, note, among=entries))
    return found


def evidence(race: Race) -> list[str]:
    """Why two threads meet here, and how the state is guarded elsewhere."""
    lines = [f"shared: {race.evidence.text}"]
    if race.guard is not None:
        lines.append(race.guard.text)
    elif unlocked := _counts(race.profile):
        lines.append(unlocked)
    return lines


def _counts(profile: Profile) -> str:
    locked = sum(1 for s in profile.seen if s.locks)
    return f"{locked} of {len(profile.seen)} uses hold a lock" if locked else "no use holds a lock"
