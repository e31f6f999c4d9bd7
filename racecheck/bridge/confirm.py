"""Findings as targets: which tests reach them, and what happens there once they are aimed at.

Each finding gets a verdict. *Confirmed*: a schedule shows it, replayed, with a token. *Refuted, in
these tests*: whenever one side was held at its place, the other could not come, and why. *Not
reached*: no test brings two agents there. What was tried and shows neither is *inconclusive*; what
no schedule can decide, such as a file that is not closed, *cannot be steered*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from racecheck.bridge import watching
from racecheck.bridge.attack import Attack, Limits, Open
from racecheck.bridge.schedules import Store
from racecheck.bridge.targets import case_of
from racecheck.core.finding import Confidence, Finding
from racecheck.core.schedule import Schedule
from racecheck.explore.confirming.notes import Notes, Noting
from racecheck.explore.confirming.parking import LOCK
from racecheck.explore.explorer import SETTLING
from racecheck.explore.lab import Body, Lab
from racecheck.explore.outcome import Run
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.strategies.replay import Replay
from racecheck.explore.verdict import Found
from racecheck.report.result import plural

CONFIRMED: Final = "confirmed"
REFUTED: Final = "refuted"
UNREACHED: Final = "not reached"
INCONCLUSIVE: Final = "inconclusive"
UNSTEERED: Final = "cannot be steered"

VERDICTS: Final = (CONFIRMED, REFUTED, UNREACHED, INCONCLUSIVE, UNSTEERED)

STIRRED: Final = 4
"""Schedules by chance in which it is looked at who reaches what, besides the ordinary one."""

_LOWER: Final = {Confidence.LIKELY: Confidence.POSSIBLE, Confidence.OBSERVED: Confidence.LIKELY}


class Confirmer:
    """Tries the findings in tests, one test at a time: first each is looked at, then some again."""

    def __init__(
        self,
        findings: Sequence[Finding],
        limits: Limits,
    ) -> None:
        self._rest = [one for one in findings if case_of(one) is None]
        self.open = [Open(case) for one in findings if (case := case_of(one)) is not None]
        self.tests = 0
        self.schedules = 0
        self.notes: dict[str, None] = {}
        self.faults: dict[str, None] = {}
        self.found: list[Found] = []
        self._limits = limits
        self._rules = watching.Rules()
        self.told: Callable[[str], None] = _silent

    # -- which tests

    def look(self, lab: Lab, body: Body, test: str) -> None:
        """Run a test as it is, under control: which findings could it show?"""
        self.tests += 1
        self.told(f"looking at {test}")
        notes, run = self._noted(lab, body, test)
        for one in self.open:
            reached = one.case.reach(notes)
            if reached.targets() or one.case.failure_of(run) is not None:
                # Why not its time: which test shows a finding is to be the same each time.
                one.reached[test] = run.steps
            else:
                one.absent[reached.absent] += 1

    @property
    def wanted(self) -> list[str]:
        """Tests to be tried, the cheapest first."""
        costs: dict[str, int] = {}
        for one in self.open:
            if one.shown is None:
                costs |= {test: one.reached[test] for test in one.cheapest}
        return sorted(costs, key=lambda test: costs[test])

    def attack(self, lab: Lab, body: Body, test: str) -> None:
        """Try all that is open and that this test reaches."""
        chosen = [one for one in self.open if one.shown is None and test in one.cheapest]
        if not chosen:
            return
        self.told(f"aiming at {plural(len(chosen), 'finding')} in {test}")
        notes, run = self._noted(lab, body, test)
        for one in chosen:
            attack = Attack(one, lab, body, test, notes, self._limits, self._rules)
            attack.make(run)
            self.schedules += attack.runs
            if attack.found is not None:
                self.found.append(attack.found)
            if one.shown is not None:
                one.shown = replace(one.shown, verdict=CONFIRMED)
                self.told(f"{one.shown.code} {one.shown.subject}: {CONFIRMED} by {test}")
            else:
                said = f"{test} fails under some schedules"
                self.notes.update({f"{said}: {text}": None for text in attack.others})

    def _noted(self, lab: Lab, body: Body, test: str) -> tuple[Notes, Run]:
        for _ in range(SETTLING):
            notes, points = Notes(), lab.learned
            with notes.taken(lab):
                run = lab.run(Noting(_begun(Replay(Schedule())), notes), body, test)
            self.schedules += 1
            if lab.learned == points:
                break
        # Why: in its own order the first worker of a pool may do all of the work.
        strategy = Noting(RandomWalk(0, STIRRED if run.threads > 1 else 0), notes)
        while strategy.begin():
            with notes.taken(lab):
                lab.run(strategy, body, test)
            self.schedules += 1
        self.notes.update(dict.fromkeys(lab.notes()))
        self.faults.update(dict.fromkeys(lab.session.faults()))
        return notes, run

    # -- what came of it

    def findings(self) -> list[Finding]:
        """All of them, each with its verdict."""
        return [*map(self._judged, self.open), *map(_unsteered, self._rest)]

    def _judged(self, one: Open) -> Finding:
        finding = one.case.finding
        if one.shown is not None:
            return one.shown
        if not one.reached:
            if not self.tests:
                return _with(finding, UNREACHED, f"{UNREACHED}: no test that passes is concurrent")
            why = one.absent.most_common(1)[0][0]
            return _with(finding, UNREACHED, f"{UNREACHED}: {why} in {self._these()}")
        if one.unsure or not one.reasons:
            nobody = "nobody could be held at these places" if one.schedules else "not tried yet"
            why = one.unsure[0] if one.unsure else nobody
            many = plural(one.schedules, "schedule")
            return _with(finding, INCONCLUSIVE, f"{INCONCLUSIVE} after {many}: {why}")
        reason = min(one.reasons, key=lambda r: r.kind != LOCK)
        told = f"{REFUTED} in {self._these(len(one.cheapest))}: {reason.text}"
        lower = _LOWER.get(finding.confidence, finding.confidence)
        return replace(_with(finding, REFUTED, told), confidence=lower)

    def _these(self, count: int | None = None) -> str:
        number = self.tests if count is None else count
        return "this test" if number == 1 else f"these {number} tests"


def _with(finding: Finding, verdict: str, line: str) -> Finding:
    return replace(finding, verdict=verdict, evidence=(line, *finding.evidence))


def _unsteered(finding: Finding) -> Finding:
    return replace(finding, verdict=UNSTEERED)


def counts(findings: Iterable[Finding]) -> str:
    """`3 confirmed, 1 refuted, 2 not reached`."""
    many = Counter(one.verdict for one in findings)
    return ", ".join(f"{many[word]} {word}" for word in VERDICTS if many[word])


def save(found: Iterable[Found], store: Store) -> None:
    """Keep the schedules, so that they are tried first when the test is explored."""
    for one in found:
        store.save(one)


def _begun(strategy: Replay) -> Replay:
    strategy.begin()
    return strategy


def _silent(_: str) -> None:
    pass
