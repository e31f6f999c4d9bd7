"""What an exploration says in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from racecheck.core.schedule import Schedule
from racecheck.explore.outcome import Failure, Run

FAILS: Final = "fails"
PASSES: Final = "passes"
INCONCLUSIVE: Final = "inconclusive"


@dataclass(frozen=True, slots=True)
class Found:
    """A failure, and how to get there again.

    `first`: the run that showed it, number `number` of the exploration (from 0, which is the
    ordinary run). `schedule`: shrunk; `run`: what came of it. `replayed` of `replays` runs of it
    fail in the same way. `without`: how many of as many ordinary runs do, -1: not tried. `by`: the
    strategy. `met`: for a race or an inversion, whether all its threads stood at their places at
    once.
    """

    failure: Failure
    first: Run
    number: int
    by: str
    schedule: Schedule
    run: Run
    replayed: int = 0
    replays: int = 0
    without: int = -1
    shrinking: int = 0
    met: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """One strategy: how many schedules it ran, and for how many seconds."""

    name: str
    schedules: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome`: fails, passes or inconclusive.

    `complete`: every schedule that differs was run, at the granularity of the decision points.
    `reason` says why it is inconclusive. `repeats`: "" if the same schedule does the same twice,
    else what differed. `failing` counts the runs that failed, of `schedules`. `steps`, `threads`,
    `widest`: of the longest run. `faults`: what went wrong inside racecheck.
    """

    target: str
    outcome: str
    found: tuple[Found, ...] = ()
    tried: tuple[Tried, ...] = ()
    schedules: int = 0
    failing: int = 0
    seconds: float = 0.0
    complete: bool = False
    reason: str = ""
    repeats: str = ""
    threads: int = 1
    decisions: int = 0
    points: int = 0
    depth: int = 0
    away: int = 0
    uncontrolled: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    faults: tuple[str, ...] = field(default=())

    @property
    def odds(self) -> int:
        """PCT's bound: one schedule in so many meets a bug of that depth (n k^(d-1)); 0: unknown.

        Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010.
        """
        if not self.depth or not self.decisions:
            return 0
        return int(self.threads * self.decisions ** (self.depth - 1))
