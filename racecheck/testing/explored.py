"""What `pytest --racecheck-explore` says at the end, also of what xdist's workers have explored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from racecheck.bridge.reruns import Replayed
from racecheck.bridge.verdicts import plan_line
from racecheck.bridge.watching import fault
from racecheck.core.finding import Confidence
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Verdict
from racecheck.report.result import Result, plural
from racecheck.runtime.session import Session
from racecheck.settings import Loaded
from racecheck.testing.collector import Collector

KEY: Final = "racecheck_explored"
"""Under this name a report says what its exploration has come to."""

ALONE: Final = "one thread"
OFF: Final = ""

SHOWN: Final = 5
"""Sentences of one kind that are shown of all tests together."""


def attach(report: pytest.TestReport, verdict: Verdict | str, *, fails: bool = False) -> None:
    """Keep what matters of a verdict in a form that other processes read."""
    if isinstance(verdict, str):
        if verdict:
            setattr(report, KEY, {"outcome": verdict})
        return
    alone = verdict.threads <= 1 and not verdict.decisions
    outcome = ALONE if alone and verdict.outcome == PASSES else verdict.outcome
    if outcome == FAILS and not fails:
        outcome = PASSES
    told = {
        "outcome": outcome,
        "schedules": verdict.schedules,
        "seconds": verdict.seconds,
        "complete": verdict.complete,
        "reason": verdict.reason,
        "away": verdict.away,
        "uncontrolled": list(verdict.uncontrolled[:SHOWN]),
        "notes": list(verdict.notes),
        "faults": list(verdict.faults),
    }
    setattr(report, KEY, told)


class Explored(Collector):
    """Findings of all tests, and how many schedules it took."""

    def __init__(self, loaded: Loaded, session: Session | None, *, replays: bool = False) -> None:
        super().__init__(loaded, ("races", "lock-order"), session)
        self._replays = replays
        self._told: dict[str, dict[str, Any]] = {}
        self._missed: dict[str, str] = {}

    def pytest_report_header(self) -> str:
        """How we explore."""
        if self._replays:
            return "racecheck: replaying one schedule"
        backend = "in the workers"
        if self._session is not None and self._session.backend is not None:
            backend = f"backend {self._session.backend.name}"
        return f"racecheck: exploring each test ({plan_line(self._loaded)}), {backend}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take over what a report carries."""
        super().pytest_runtest_logreport(report)
        told = getattr(report, KEY, None)
        if told is not None:
            self._told[report.nodeid] = told

    def missed(self, test: str, replayed: Replayed) -> None:
        """What of the schedule could not be done."""
        if replayed.missed:
            self._missed[test] = "; ".join(replayed.missed)

    def result(self) -> Result:
        """As the reporters of the command line take it."""
        base = super().result()
        faults = tuple(fault(said) for said in self._faults())
        notes = tuple(dict.fromkeys([*base.statistics.notes, *self._unsure()]))
        return replace(
            base,
            errors=(*base.errors, *faults),
            statistics=replace(base.statistics, notes=notes),
            fail_on=Confidence(self._loaded.settings.explore.fail_on),
        )

    def _unsure(self) -> list[str]:
        """What was inconclusive, and why."""
        told = self._told.items()
        return [f"{name}: {one['reason']}" for name, one in told if one["outcome"] == INCONCLUSIVE]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """One line each, and how much was tried."""
        self.write(config)
        terminalreporter.section("racecheck")
        for finding in self.findings:
            terminalreporter.write_line(self._line(finding))
        for problem in self.result().errors:
            terminalreporter.write_line(f"racecheck: {problem.message}", red=True)
        for line in self._lines():
            terminalreporter.write_line(line)

    def _faults(self) -> list[str]:
        said = [fault for told in self._told.values() for fault in told.get("faults", ())]
        return list(dict.fromkeys(said))

    def _lines(self) -> list[str]:
        told = self._told
        lines = [self._counted()]
        alone = sum(one["outcome"] == ALONE for one in told.values())
        if alone:
            lines.append(f"{plural(alone, 'test')} had one thread only")
        lines += [f"inconclusive: {text}" for text in self._unsure()]
        lines += _some(
            f"{name}: {one['away']:,} of {plural(one['schedules'], 'run')} left our control: "
            + "; ".join(one["uncontrolled"][:1])
            for name, one in told.items()
            if one.get("away")
        )
        lines += [
            f"{name}: of the schedule was not done: {text}" for name, text in self._missed.items()
        ]
        notes = dict.fromkeys(note for one in told.values() for note in one.get("notes", ()))
        lines += _some(f"note: {note}" for note in notes)
        if self.suppressed:
            lines.append(f"{plural(len(self.suppressed), 'finding')} suppressed")
        return lines

    def _counted(self) -> str:
        tried = [one for one in self._told.values() if one["outcome"] != ALONE]
        failing = sum(one["outcome"] == FAILS for one in tried)
        if not tried:
            return "no test was explored"
        how = "under this schedule" if self._replays else "under exploration"
        verb = "fails" if failing == 1 or len(tried) == 1 else "fail"
        schedules = plural(sum(one["schedules"] for one in tried), "schedule")
        seconds = sum(one["seconds"] for one in tried)
        return (
            f"{failing} of {plural(len(tried), 'test')} {verb} {how}; {schedules}, {seconds:.1f} s"
        )


def _some(lines: Any) -> list[str]:
    every = list(lines)
    more = len(every) - SHOWN
    return [*every[:SHOWN], *([f"... and {more} more of these"] if more > 0 else [])]
