"""Gives each test what was found while it ran, and fails it for that."""

from __future__ import annotations

from collections.abc import Generator
from inspect import iscoroutinefunction
from typing import Any

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter

from racecheck.bridge.watching import Judge
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.runtime.observers.watchdog import end_abandoned
from racecheck.runtime.session import Session
from racecheck.settings import Loaded
from racecheck.testing.collector import ATTRIBUTE, Collector, encoded, text_of
from racecheck.testing.fixture import Fixture


class Shown(TerminalRepr):
    """Findings in the place of a traceback."""

    def __init__(self, findings: list[Finding]) -> None:
        self.text = text_of(findings)
        first = findings[0]
        subjects = ", ".join(f"{f.code} {f.subject}" for f in findings)
        self.reprcrash = ReprFileLocation(first.place.path, first.place.line, subjects)

    def toterminal(self, tw: TerminalWriter) -> None:
        """As plain lines."""
        for line in self.text.splitlines():
            tw.line(line)

    def __str__(self) -> str:
        return self.text


class Watcher:
    """Stands around every test. What is found before the first one belongs to no test."""

    def __init__(
        self, session: Session, judge: Judge, loaded: Loaded, collector: Collector
    ) -> None:
        self._session = session
        self._judge = judge
        self._fail_on = Confidence(loaded.settings.pytest.fail_on)
        self._collector = collector
        self._code = 0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Whatever came before belongs to no test."""
        self._outside()
        fixture = item.stash.setdefault(Fixture.KEY, Fixture())
        fixture.look = lambda: self._judge.parts(self._session.findings())[0]
        for mark in item.iter_markers("racecheck"):
            obey(fixture, mark)
        self._session.begin_test()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """With `--racecheck-leaks=memory`, what a test passes once it does again and again."""
        result = yield
        memory = self._session.observers.get("memory")
        if memory is not None and not iscoroutinefunction(pyfuncitem.obj):
            names = pyfuncitem._fixtureinfo.argnames
            given = {name: pyfuncitem.funcargs[name] for name in names}
            memory.repeat(lambda: pyfuncitem.obj(**given), name=pyfuncitem.originalname)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What the test did, after its body; what it left behind, after its fixtures are gone."""
        report = yield
        if call.when in ("call", "teardown"):
            found = self._session.take(leaks=call.when == "teardown")
            self._attach(report, item, found)
        return report

    def _attach(self, report: pytest.TestReport, item: pytest.Item, found: list[Finding]) -> None:
        fixture = item.stash[Fixture.KEY]
        shown, hidden = self._judge.parts(found)
        shown = [fixture.judged(finding) for finding in shown]
        self._collector.suppressed += [*hidden, *(f for f in shown if f.suppressed)]
        shown = [finding for finding in shown if not finding.suppressed]
        if not shown:
            return
        setattr(report, ATTRIBUTE, encoded(shown))
        properties = [("racecheck", f"{f.code} {f.subject}") for f in shown]
        # Why both: JUnit's are read off the last report, which may be this one or is made of item.
        report.user_properties += properties
        item.user_properties += properties
        failing = [finding for finding in shown if self._fails(finding)]
        if failing and report.outcome == "passed":
            report.outcome = "failed"
            report.longrepr = Shown(failing)
        elif shown:
            report.sections.append(("racecheck", text_of(shown)))

    def _fails(self, finding: Finding) -> bool:
        return (
            finding.severity is not Severity.NOTE and finding.confidence.rank >= self._fail_on.rank
        )

    def _outside(self) -> None:
        shown, hidden = self._judge.parts(self._session.take(leaks=False))
        self._collector.suppressed += hidden
        for finding in shown:
            self._collector.add("", finding)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Findings outside of tests fail the run, if nothing else did."""
        self._outside()
        if session.exitstatus == pytest.ExitCode.OK and any(
            self._fails(finding) for finding in self._collector.outside()
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

        self._code = int(session.exitstatus)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Everything is as it was; threads that hang for ever do not keep the process alive."""
        self._session.stop()
        end_abandoned(self._code)


def obey(fixture: Fixture, mark: pytest.Mark) -> None:
    """`@pytest.mark.racecheck(ignore="RC101 -- why")`, `(enable=False)`, `(watch=...)`."""
    if mark.kwargs.get("enable", True) is False:
        fixture.ignore("ALL", reason="switched off by the marker")
    ignored = mark.kwargs.get("ignore", ())
    for text in (ignored,) if isinstance(ignored, str) else ignored:
        code, _, reason = text.partition("--")
        fixture.ignore(code.strip(), reason=reason.strip())
    watch = mark.kwargs.get("watch")
    if watch is not None:
        fixture.only(watch.split(",") if isinstance(watch, str) else watch)
