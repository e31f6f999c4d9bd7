"""A failing schedule made short, and replayed until one knows how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from racecheck.core.schedule import Schedule
from racecheck.explore.outcome import Run
from racecheck.explore.shrink import shrink

REPLAYS: Final = 10
"""Times that a failure is replayed before it is called confirmed."""


class Established(NamedTuple):
    """`run`: one that shows it, watched. `without`: -1 if there is nothing to leave out."""

    schedule: Schedule
    run: Run
    replayed: int
    without: int
    shrinking: int


def established(
    first: Run, again: Callable[[Schedule, bool], Run | None], budget: int
) -> Established:
    """`again(schedule, watch)` runs a schedule and returns the run if it shows the failure."""
    last = first

    def shows(schedule: Schedule, watch: bool = False) -> bool:
        nonlocal last
        run = again(schedule, watch)
        last = run or last
        return run is not None

    shrunk = shrink(first.schedule, shows, budget)
    replayed = sum(shows(shrunk.schedule) for _ in range(REPLAYS))
    without = -1
    if shrunk.schedule.switches or shrunk.schedule.picks:
        without = sum(again(Schedule(), False) is not None for _ in range(REPLAYS))
    shows(shrunk.schedule, watch=True)
    return Established(shrunk.schedule, last, replayed, without, shrunk.tried)
