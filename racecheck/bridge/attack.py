"""One finding aimed at in one test: what it takes to say that it happens, or why it cannot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from racecheck.bridge import telling
from racecheck.bridge.targets import CIRCLE, MEET, STALE, Case, last
from racecheck.core.finding import Finding, Origin
from racecheck.core.schedule import Schedule
from racecheck.explore.confirming.notes import Notes
from racecheck.explore.confirming.parking import UNKNOWN, Parking, Reason
from racecheck.explore.confirming.witness import Seen
from racecheck.explore.established import REPLAYS, established
from racecheck.explore.lab import Body, Lab
from racecheck.explore.outcome import RACE, Failure, Run
from racecheck.explore.strategies.base import Strategy
from racecheck.explore.strategies.directed import Target
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.verdict import FAILS, Found, Verdict
from racecheck.runtime import pristine
from racecheck.runtime.options import Rule

TESTS: Final = 3
"""Tests that are tried for one finding, the cheapest first."""

SHRINKING: Final = 60
"""Runs that may be spent on making a schedule shorter."""

FURTHER: Final = 6
"""Schedules that are tried to make of a race something that everybody can see."""

AGENTS: Final = 4
"""Agents of which each is once the first to come to its place."""

BY_CHANCE: Final = 40
"""Schedules of PCT, where standing still at places shows nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For one finding in one test."""

    schedules: int
    seconds: float


@dataclass(slots=True)
class Open:
    """A finding and what is known of it so far. `reached`: tests, with the steps of each."""

    case: Case
    reached: dict[str, int] = field(default_factory=dict)
    absent: Counter[str] = field(default_factory=Counter)
    reasons: dict[Reason, None] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    schedules: int = 0
    shown: Finding | None = None

    @property
    def cheapest(self) -> list[str]:
        """The tests to try, the cheapest first."""
        return sorted(self.reached, key=lambda test: self.reached[test])[:TESTS]


@dataclass(slots=True)
class Shown:
    """A run that shows a case. `failure`: what it fails of, or (`seen`) what the witness saw."""

    failure: Failure
    run: Run
    number: int
    by: str
    seen: bool
    witnessed: Seen | None

    @property
    def rank(self) -> int:
        """What everybody can see says more than an order, and that more than a mere race."""
        if self.failure.kind != RACE:
            return 0
        return 1 if self.witnessed is not None else 2


class Attack:
    """One finding in one test."""

    def __init__(
        self,
        one: Open,
        lab: Lab,
        body: Body,
        test: str,
        notes: Notes,
        limits: Limits,
        rules: Mapping[str, Rule],
    ) -> None:
        self._open, self._lab = one, lab
        self._body, self._test, self._notes = body, test, notes
        self._limits, self._rules = limits, rules
        self._reached = one.case.reach(notes)
        self._witness = self._reached.witness()
        self._began = pristine.monotonic()
        self.runs = self._failing = self._after = 0
        self._best: Shown | None = None
        self.found: Found | None = None
        self.others: dict[str, None] = {}
        self._own: set[tuple[str, str, str]] = set()

    def make(self, ordinary: Run) -> None:
        """Directed at each target; then by chance, if that shows nothing for certain."""
        # Why: what it fails of in its own order says nothing of another one.
        self._own = {one.mark for one in ordinary.failures if one.kind != RACE}
        self._look(ordinary, "ordinary")
        self._lab.reach.points |= self._reached.points
        unsure = self._directed()
        if self._best is None and unsure:
            self._try(PCT(2, schedules=BY_CHANCE))
        one = self._open
        one.schedules += self.runs
        if self._best is not None:
            self._establish(self._best)
            return
        one.unsure += list(unsure)

    def _directed(self) -> dict[str, None]:
        """Park at each target; returns what keeps us from saying that it cannot be."""
        unsure: dict[str, None] = {}
        for target in self._reached.targets():
            reasons = dict.fromkeys(self._reasons(target))
            for reason in reasons:
                if reason.kind == UNKNOWN:
                    unsure[reason.text] = None
                else:
                    self._open.reasons[reason] = None
            if not reasons:
                unsure["nobody could be held at these places"] = None
            if self._enough():
                break
        return unsure | {f"runs failed of something else: {text}": None for text in self.others}

    def _reasons(self, target: Target) -> Iterator[Reason]:
        """Whoever can come to a stop is in turn the one that comes first."""
        keys = self._notes.keys
        there = {path for stop in target.stops for path in keys.get(stop, ())}
        for first in ("", *sorted(there)[:AGENTS]):
            strategy = Parking(target, self._lab.controller, self._notes, first=first)
            self._try(strategy)
            yield from strategy.reasons
            if strategy.met[target.name]:
                yield Reason(UNKNOWN, "both stood there, and nothing came of it")
            if self._enough():
                if self._best is None:
                    yield Reason(UNKNOWN, "not all could be tried: the limit was reached")
                return

    def _try(self, strategy: Strategy) -> None:
        while not self._enough() and strategy.begin():
            with self._witness.watching(self._lab):
                self._witness.begin()
                run = self._lab.run(strategy, self._body, self._test)
            self._look(run, strategy.name)
            for said in (run.limit, *run.uncontrolled):
                if said:
                    self._open.unsure.append(said)

    def _look(self, run: Run, by: str) -> None:
        number, self.runs = self.runs, self.runs + 1
        self._failing += run.failed
        self._after += self._best is not None
        failure, seen = self._open.case.failure_of(run), self._witness.seen
        if failure is None and seen is None:
            self.others.update({one.text: None for one in run.failures if one.kind != RACE})
            return
        visible = run.visible
        told = visible if visible is not None and visible.mark not in self._own else failure
        stale = seen is not None and self._open.case.kind == STALE
        if seen is not None and (told is None or (stale and told is failure)):
            shown = Shown(self._seen_as_failure(seen), run, number, by, True, seen)
        else:
            assert told is not None
            shown = Shown(told, run, number, by, False, seen)
        if self._best is None or shown.rank < self._best.rank:
            self._best = shown

    def _seen_as_failure(self, seen: Seen) -> Failure:
        """What the witness saw, told as the finding itself."""
        finding = self._open.case.finding
        text = f"{finding.code} {finding.subject}"
        # Why: then the story says that it was checked, and not that it was read and written.
        told = replace(finding, code="RC214") if self._open.case.kind == STALE else finding
        return Failure(RACE, text, seen.places[0], findings=(told,))

    def _enough(self) -> bool:
        best = self._best
        if best is not None and (best.rank == 0 or self._after >= FURTHER):
            return True
        spent = pristine.monotonic() - self._began
        return self.runs >= self._limits.schedules or spent > self._limits.seconds

    # -- what was shown

    def _establish(self, shown: Shown) -> None:
        """As what everybody can see, if that is what the finding speaks of; else as the race."""
        for one in self._forms(shown):
            found = self._sure(one)
            finding = self._told_as(found)
            if finding is not None:
                break
        else:
            self._open.unsure.append(f"it was seen in {self._test}, and cannot be told")
            return
        self.found = found
        if found.replayed == found.replays:
            self._open.shown = finding
        else:
            many = f"{found.replayed} of {found.replays} replays"
            self._open.unsure.append(f"it was seen in {self._test}, and in {many}")

    def _forms(self, shown: Shown) -> Iterator[Shown]:
        yield shown
        if shown.failure.kind == RACE:
            return
        failure = self._open.case.failure_of(shown.run)
        if failure is not None and failure is not shown.failure:
            yield replace(shown, failure=failure, seen=False)
        if shown.witnessed is not None:
            seen = self._seen_as_failure(shown.witnessed)
            yield replace(shown, failure=seen, seen=True)

    def _sure(self, shown: Shown) -> Found:
        mark = shown.failure.mark

        def again(schedule: Schedule, watch: bool) -> Run | None:
            with self._witness.watching(self._lab):
                self._witness.begin()
                run = self._lab.replay(schedule, self._body, self._test, watch=watch)
            if shown.seen:
                return run if self._witness.seen is not None else None
            return run if run.failure_like(mark) else None

        sure = established(shown.run, again, SHRINKING)
        failure = sure.run.failure_like(mark) or shown.failure
        return Found(
            failure=failure,
            first=shown.run,
            number=shown.number,
            by=shown.by,
            schedule=Schedule(sure.schedule.switches, self._test, sure.schedule.picks),
            run=sure.run,
            replayed=sure.replayed,
            replays=REPLAYS,
            without=sure.without,
            shrinking=sure.shrinking,
            met=shown.seen and self._open.case.kind == MEET,
        )

    def _told_as(self, found: Found) -> Finding | None:
        """The finding with the story of the run; None if the story is about something else."""
        case = self._open.case
        verdict = Verdict(self._test, FAILS, (found,), schedules=self.runs, failing=self._failing)
        told = telling.finding_of(found, verdict, self._rules)
        if case.kind != CIRCLE and case.name and not _is_about(told, case):
            return None
        return replace(
            case.finding,
            confidence=told.confidence,
            origin=Origin.EXPLORE,
            steps=told.steps,
            evidence=(*_evidence(told, self._test), *case.finding.evidence),
            schedule=told.schedule,
            help=told.help,
        )


def _is_about(told: Finding, case: Case) -> bool:
    """Whether the reason that is given, or else the rule, names the state of the finding."""
    why = next((line for line in told.evidence if line.startswith("why: ")), "")
    if why:
        return re.search(rf"(?<!\w){re.escape(case.name)}(?!\w)", why) is not None
    return last(told.subject) == case.name


def _evidence(told: Finding, test: str) -> Iterator[str]:
    """What the run says, with the test in which it was."""
    for line in told.evidence:
        yield line
        if line.startswith("found: "):
            yield f"test: {test}"
