"""What came of a part of an exploration, as values that go from process to process; and their sum.

Legs are added in the order of their shares, each as far as one process alone would have come: what
lies beyond the first visible failure, or beyond a bound, was tried for nothing and is not counted.
So the sum does not depend on how many processes there were, or on which was the fastest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from racecheck.core.schedule import Schedule
from racecheck.explore.jobs.shares import BEYOND_RACE, Share
from racecheck.explore.outcome import RACE, Failure
from racecheck.explore.verdict import Tried

Mark: TypeAlias = "tuple[str, str, str]"


@dataclass(frozen=True, slots=True)
class Hit:
    """The first run that fails in a way. `failure` has lost its exception, `mark` has not."""

    mark: Mark
    failure: Failure
    number: int
    by: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Leg:
    """`runs` runs. `failing`, `limits` and `away` name runs by their numbers from 0.

    `points`: names of the sites that are decision points by now. `shares`: what is left to try, of
    the first leg; its `tokens` would be as many. `met`: stops at which agents stood together.
    """

    runs: int = 0
    hits: tuple[Hit, ...] = ()
    failing: tuple[int, ...] = ()
    limits: Mapping[int, str] | None = None
    away: tuple[int, ...] = ()
    uncontrolled: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()
    complete: bool = False
    repeats: str = ""
    threads: int = 1
    decisions: int = 0
    depth: int = 0
    points: frozenset[str] = frozenset()
    met: frozenset[tuple[str, ...]] = frozenset()
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    shares: tuple[Share, ...] = ()

    @property
    def race_at(self) -> int | None:
        """The first run that had a race."""
        return min((hit.number for hit in self.hits if hit.failure.kind == RACE), default=None)

    @property
    def visible(self) -> bool:
        """Whether it has failed in a way that everybody can see."""
        return any(hit.failure.kind != RACE for hit in self.hits)

    def left(self, schedules: int, keep_going: bool) -> int:
        """How many schedules are still to be tried, with that many at most."""
        if self.complete or (self.visible and not keep_going):
            return 0
        if not keep_going and self.race_at is not None:
            schedules = min(schedules, self.race_at + BEYOND_RACE + 1)
        return max(schedules - self.runs, 0)


def added(whole: Leg, leg: Leg, share: Share, left: int) -> Leg:
    """Both, `leg` after `whole`, and of it no more than `left` runs."""
    count, begin = min(leg.runs, left), whole.runs
    known = {hit.mark for hit in whole.hits}
    new = [hit for hit in leg.hits if hit.number < count and hit.mark not in known]
    hits = [replace(hit, number=begin + hit.number) for hit in new]
    limits = {begin + at: said for at, said in (leg.limits or {}).items() if at < count}
    longer = max(whole, leg, key=lambda one: one.decisions)
    return replace(
        whole,
        runs=begin + count,
        hits=(*whole.hits, *hits),
        failing=(*whole.failing, *(begin + at for at in leg.failing if at < count)),
        limits={**(whole.limits or {}), **limits},
        away=(*whole.away, *(begin + at for at in leg.away if at < count)),
        uncontrolled=_joined(whole.uncontrolled, leg.uncontrolled),
        tried=_tried(whole.tried, share.kind, count, leg.seconds),
        complete=leg.complete and count == leg.runs,
        repeats=whole.repeats or leg.repeats,
        threads=longer.threads,
        decisions=longer.decisions,
        depth=whole.depth or share.depth,
        points=whole.points | leg.points,
        notes=_joined(whole.notes, leg.notes),
        faults=_joined(whole.faults, leg.faults),
        seconds=whole.seconds + leg.seconds,
    )


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _tried(before: tuple[Tried, ...], name: str, count: int, seconds: float) -> tuple[Tried, ...]:
    """Shares of one strategy, one after another, are told as one."""
    if before and before[-1].name == name:
        last = before[-1]
        whole = Tried(name, last.schedules + count, last.seconds + seconds)
        return (*before[:-1], whole)
    return (*before, Tried(name, count, seconds))
