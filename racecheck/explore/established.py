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
    """`run`: one that shows it, watched. `replayed` of `replays` runs show it, `without` of as many
    ordinary ones do; -1 if there is nothing to leave out, or no time for that."""

    schedule: Schedule
    run: Run
    replayed: int
    replays: int
    without: int
    shrinking: int


def established(
    first: Run,
    again: Callable[[Schedule, bool], Run | None],
    budget: int,
    late: Callable[[], bool] = bool,
) -> Established:
    """`again(schedule, watch)` runs a schedule and returns the run if it shows the failure.

    Once it is `late`, the schedule is made no shorter, and replayed only once.
    """
    last = first

    def shows(schedule: Schedule, watch: bool = False) -> bool:
        nonlocal last
        if late() and not watch:
            return False
        run = again(schedule, watch)
        last = run or last
        return run is not None

    shrunk = shrink(first.schedule, shows, budget)
    replays = replayed = 0
    while replays < REPLAYS and not late():
        replays += 1
        replayed += shows(shrunk.schedule)
    without = -1
    if (shrunk.schedule.switches or shrunk.schedule.picks) and not late():
        without = sum(again(Schedule(), False) is not None for _ in range(replays))
    shown = shows(shrunk.schedule, watch=True)
    if not replays:
        replays, replayed = 1, int(shown)
    return Established(shrunk.schedule, last, replayed, replays, without, shrunk.tried)
