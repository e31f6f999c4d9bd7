"""An exploration in parts, each in a lab of its own: the beginning, a share, the end.

The beginning is cheap and learns the decision points: ordinary runs, schedules that failed before,
suspects. Shares go through the rest. The end runs what failed in any of them once more, to shorten
and replay it, and so says what an exploration in one piece says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import Explorer
from racecheck.explore.jobs.legs import Hit, Leg
from racecheck.explore.jobs.shares import Share, cut, planned
from racecheck.explore.lab import Lab
from racecheck.explore.outcome import Failure, Run
from racecheck.explore.strategies.base import Strategy
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Verdict
from racecheck.runtime import pristine
from racecheck.runtime.sites import Site, sites

AGAIN: int = 3
"""Times that a schedule is run until it shows in this process what it did in another."""

Part: TypeAlias = "Callable[[PartExplorer], Leg | Verdict]"


class PartExplorer(Explorer):
    """Explores a part; `first`, `share` or `last` is called once, instead of `explore`."""

    _numbers: dict[str, list[int]]
    _ended: dict[int, str]

    def first(self) -> Leg | Verdict:
        """The verdict, if nothing is left to spread."""
        self._forget()
        ordinary = self._ordinary()
        several = ordinary.threads > 1 or ordinary.decisions
        if several:
            for strategy in super()._strategies(ordinary):
                if strategy.name not in ("replay", "directed") or self._enough():
                    break
                self._try(strategy)
        leg = self._leg()
        left = leg.left(self._plan.schedules, self._plan.keep_going)
        shares = tuple(cut(planned(self._plan, ordinary.decisions), ordinary.decisions, left))
        if several and shares and not self._enough():
            return replace(leg, shares=shares)
        return self._end(ordinary)

    def share(self, share: Share, points: frozenset[str]) -> Leg:
        """Learn what the runs before have learned, then go through the share."""
        self._forget()
        # Why silent: the same was said of the beginning, and numbers here are those of the share.
        self._told = _silent
        self._know(points)
        self._ordinary()
        self._know(points)
        repeats = self._repeats
        for kept in (self._first, self._limits, self._uncontrolled, self._tried):
            kept.clear()
        self._runs = self._failing = self._away = 0
        self._race_at = None
        self._forget()
        self._plan = replace(self._plan, schedules=share.most or share.count)
        began = pristine.monotonic()
        self._try(share.strategy())
        leg = self._leg()
        return replace(leg, repeats=repeats, seconds=pristine.monotonic() - began)

    def last(self, whole: Leg) -> Verdict:
        """Make sure of what failed anywhere."""
        self._forget()
        told, self._told = self._told, _silent
        self._know(whole.points)
        ordinary = self._ordinary()
        self._know(whole.points)
        self._first.clear()
        for hit in whole.hits:
            self._first[hit.mark] = self._shown(hit)
        self._met |= whole.met
        self._told = told
        for mark in list(self._first):
            self._confirm(mark)
        said = verdict(whole, self._target, self._repeats or whole.repeats)
        return replace(
            said,
            outcome=FAILS if self._found else said.outcome,
            found=tuple(self._in_order()),
            reason="" if self._found else said.reason,
            complete=False,
            threads=max(said.threads, ordinary.threads),
            seconds=said.seconds + pristine.monotonic() - self._began,
            faults=tuple(dict.fromkeys((*said.faults, *self._lab.session.faults()))),
        )

    def _end(self, ordinary: Run) -> Verdict:
        for mark in list(self._first):
            self._confirm(mark)
        return self._verdict(ordinary)

    def _shown(self, hit: Hit) -> tuple[Failure, Run, int, str]:
        for _ in range(AGAIN):
            run = self._lab.replay(hit.schedule, self._body, self._target)
            failure = run.failure_like(hit.mark)
            if failure is not None:
                return failure, run, hit.number, hit.by
        run = Run(schedule=hit.schedule, failures=(hit.failure,))
        return hit.failure, run, hit.number, hit.by

    # -- what is counted

    def _forget(self) -> None:
        self._numbers, self._ended = {"failing": [], "away": []}, {}

    def _run(self, strategy: Strategy, by: str) -> Run:
        number = self._runs
        run = super()._run(strategy, by)
        if run.failed:
            self._numbers["failing"].append(number)
        if run.uncontrolled:
            self._numbers["away"].append(number)
        if run.limit:
            self._ended[number] = run.limit
        return run

    def _leg(self) -> Leg:
        longest = self._longest or Run(Schedule())
        return Leg(
            runs=self._runs,
            hits=tuple(self._hits()),
            failing=tuple(self._numbers["failing"]),
            limits=dict(self._ended),
            away=tuple(self._numbers["away"]),
            uncontrolled=tuple(self._uncontrolled),
            tried=tuple(self._tried),
            complete=self._complete,
            repeats=self._repeats,
            threads=longest.threads,
            decisions=longest.decisions,
            points=points(self._lab),
            met=frozenset(self._met),
            notes=tuple(self._lab.notes()),
            faults=tuple(self._lab.session.faults()),
            seconds=pristine.monotonic() - self._began,
        )

    def _hits(self) -> Iterator[Hit]:
        for mark, (failure, run, number, by) in self._first.items():
            yield Hit(mark, replace(failure, error=None), number, by, run.schedule)

    def _know(self, points: frozenset[str]) -> None:
        """Make decision points of what others have found to be some."""
        known = self._lab.reach.points
        known |= {number for number, site in list(sites.items()) if _name(site) in points}


def verdict(whole: Leg, target: str, repeats: str) -> Verdict:
    """What is said if nothing has failed, or of what failed if nobody could make sure of it."""
    limits = tuple((whole.limits or {}).values())
    some = f"{len(limits)} of {whole.runs} runs were ended"
    reason = f"{some}: {limits[0]}" if limits else ""
    return Verdict(
        target=target,
        outcome=INCONCLUSIVE if reason else PASSES,
        tried=whole.tried,
        schedules=whole.runs,
        failing=len(whole.failing),
        seconds=whole.seconds,
        complete=whole.complete and not reason and not whole.away,
        reason=reason,
        repeats=repeats,
        threads=whole.threads,
        decisions=whole.decisions,
        points=len(whole.points),
        depth=whole.depth,
        away=len(whole.away),
        uncontrolled=whole.uncontrolled,
        notes=whole.notes,
        faults=whole.faults,
    )


def points(lab: Lab) -> frozenset[str]:
    """The decision points by names that are the same in every process."""
    return frozenset(_name(sites[number]) for number in lab.reach.points)


def begin_anew(lab: Lab) -> None:
    """Forget what an exploration has learned: another process would not know it."""
    lab.reach.points.clear()
    lab.controller.tried.clear()


def plain(verdict: Verdict, faults: tuple[str, ...] = ()) -> Verdict:
    """Without exceptions and events, which do not go to another process; with faults of ours."""
    found = tuple(
        replace(
            one,
            failure=replace(one.failure, error=None),
            first=Run(one.first.schedule),
            run=Run(one.run.schedule),
        )
        for one in verdict.found
    )
    return replace(verdict, found=found, faults=(*verdict.faults, *faults))


def _name(site: Site) -> str:
    accesses = [(one.what.value, one.name, one.mode.value) for one in site.accesses]
    return f"{site.path}:{site.line} {site.after} {accesses}"


def _silent(_: str) -> None:
    pass
