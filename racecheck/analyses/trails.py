"""How control comes to an event: the calls of a critical pair as steps."""

from __future__ import annotations

from collections.abc import Iterable

from racecheck.analyses.critical import Pair
from racecheck.core.finding import Step
from racecheck.program.model import Held, Link

MAX_CALLS = 4
"""Calls shown of one trail; longer ones are cut in the middle."""


def names(held: Iterable[Held]) -> tuple[str, ...]:
    """Lock names for people, each once."""
    return tuple(dict.fromkeys(h.lock.name for h in held))


def calls(trail: tuple[Link, ...], held: Iterable[Held] = ()) -> list[Step]:
    """One step a call, outermost first."""
    shown = trail if len(trail) <= MAX_CALLS else (*trail[:2], *trail[-2:])
    locks = names(held)
    return [
        Step(
            "call",
            link.caller.place(link.call.line, link.call.path),
            link.caller.label,
            held=locks,
            note=f"calls `{link.targets[0].label}`" if link.targets else "",
        )
        for link in shown
    ]


def event(pair: Pair, role: str, note: str = "") -> Step:
    """The event itself."""
    found = pair.event
    place = found.function.place(found.line, found.mark)
    return Step(role, place, found.function.label, held=names(pair.held), note=note)


def path(pair: Pair, role: str, note: str = "") -> list[Step]:
    """The whole way from the summarised function to the event."""
    return [*calls(pair.trail, pair.held), event(pair, role, note)]
