"""`pytest --racecheck-explore`: each test runs as always, then in other orders of its threads.

A test that starts threads or several tasks is repeated under control between its call and the end
of its wider fixtures, and fails if one of those runs does. One that fails by itself does so with
its own traceback; if that was a matter of order, the schedule that shows it stands beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import pytest

from racecheck.bridge import telling
from racecheck.bridge.exploring import Interrupted, explore_body, interruptible
from racecheck.bridge.reruns import replay_body
from racecheck.bridge.watching import Judge, Rules
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.schedule import Schedule
from racecheck.explore.lab import Lab
from racecheck.explore.outcome import RACE
from racecheck.explore.rewinding.rewind import Rewinder
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, Found, Verdict
from racecheck.runtime.threads import threads
from racecheck.settings import Loaded
from racecheck.testing.collector import ATTRIBUTE, encoded, text_of
from racecheck.testing.explored import ALONE, OFF, Explored, attach
from racecheck.testing.fixture import Fixture
from racecheck.testing.phases import (
    can_fail,
    fail,
    failed_by_itself,
    is_needed,
    log,
    next_of,
    phase,
)
from racecheck.testing.repeating import Repeater
from racecheck.testing.undisturbing import Output, undisturbed, without_timeout
from racecheck.testing.watcher import obey

Explore: TypeAlias = "Callable[..., Verdict]"

CHANCES: Final = 20
"""Runs in which a test that fails without any switch may show that it can pass."""

ONCE: Final = "it cannot be repeated in one process"

_RULES: Final = Rules()


class Exploring:
    """The lab is open over the whole session; `schedule`: that one only, of the tests it fits."""

    def __init__(
        self,
        lab: Lab,
        judge: Judge,
        loaded: Loaded,
        explored: Explored,
        schedule: Schedule | None = None,
    ) -> None:
        self._lab = lab
        self._judge = judge
        self._loaded = loaded
        self._explored = explored
        self._schedule = schedule
        self.explore: Explore = explore_body
        """What explores a test; a process that explores for others has another."""
        self._item: pytest.Function | None = None
        self._repeater: Repeater | None = None
        self._before: Rewinder | None = None
        self._several = False
        threads.on_gate.append(self._opened)

    def _opened(self, is_open: bool) -> None:
        """Told whenever a thread starts, or a second task of a loop."""
        self._several = self._several or is_open

    # -- which tests

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Threads of other plugins have been started by now, and no test waits for them."""
        self._lab.controller.before.ignore()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """A schedule is run of its own test only."""
        if self._schedule is None:
            return
        fits = [item for item in items if self._schedule.belongs_to(item.nodeid)]
        if items and not fits:
            raise pytest.UsageError(
                f"racecheck: {self._schedule} is of none of the {len(items)} tests collected here;"
                " name the file of its test, or explore again if the test was renamed"
            )
        others = [item for item in items if item not in fits]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = fits

    # -- the protocol of pytest, with repetitions in the middle of it

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """As `_pytest.runner` does."""
        if not isinstance(item, pytest.Function) or not _is_to_be_explored(item):
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        _obey_marks(item)
        if not item._request:
            item._initrequest()
        try:
            self._run(item, nextitem)
        finally:
            self._item = self._repeater = self._before = None
            item._request, item.funcargs = False, None  # type: ignore[assignment]
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _run(self, item: pytest.Function, nextitem: pytest.Item | None) -> None:
        # Why: threads of plugins, and of wider fixtures, make no test one of several threads.
        threads.reset()
        self._item, self._several, self._before = item, False, None
        self._repeater = Repeater(item)
        self._note()
        setup = phase(item, "setup")
        log(item, setup)
        call = None
        if setup.passed:
            self._note()
            self._repeater.learn()
            call = phase(item, "call")
            if not (self._several and (can_fail(call) or self._by_chance(call))):
                attach(call, ALONE if can_fail(call) else OFF)
                log(item, call)
                call = None
        self._lab.session.take(leaks=False)
        if call is None:
            log(item, phase(item, "teardown", nextitem=next_of(item, nextitem)))
        else:
            self._explore(item, nextitem, call)

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> None:
        """State is that before the test, but with the wider fixtures that it brings along."""
        if self._item is None:
            return
        if fixturedef.scope == "function":
            self._note()
        else:
            self._before = None

    def _by_chance(self, call: pytest.TestReport) -> bool:
        """Whether it failed by itself, which may be a matter of order."""
        return failed_by_itself(call)

    def _note(self) -> None:
        if self._item is not None and self._before is None and self._repeater is not None:
            self._before = self._lab.noted(self._repeater.roots)

    def _explore(
        self, item: pytest.Function, nextitem: pytest.Item | None, call: pytest.TestReport
    ) -> None:
        repeater = self._repeater
        assert repeater is not None
        teardown = phase(item, "teardown", nextitem=repeater.sibling)
        if teardown.passed:
            self._repeat(item, repeater, call)
        log(item, call)
        nextitem = next_of(item, nextitem)
        if is_needed(item, nextitem):
            rest = phase(item, "teardown", hook=repeater.ending, nextitem=nextitem)
            rest.duration += teardown.duration
            teardown = teardown if teardown.failed else rest
        log(item, teardown)

    # -- the repetitions

    def _repeat(self, item: pytest.Function, repeater: Repeater, call: pytest.TestReport) -> None:
        """Explore it, or replay the schedule; then all is as its own run has left it."""
        self._item = None
        repeater.settle()
        after = self._lab.noted(repeater.roots)
        without_timeout(item)
        assert self._before is not None
        self._before.rewind()
        self._lab.context = self._before.context
        try:
            with undisturbed(item, self._lab.controller) as output, interruptible(self._lab):
                verdict = self._verdict(item, repeater)
                if verdict.reason.startswith(ONCE):
                    # Why again: what the test found at its beginning may be there no more, as
                    # what hooks of a conftest keep; what it has left behind is.
                    after.rewind()
                    verdict = self._verdict(item, repeater)
                found = list(verdict.found)
                sections = self._shown_again(repeater, found, output)
        finally:
            self._lab.context = None
            after.rewind()
            threads.reset()
            self._lab.session.take(leaks=False)
        self._judged(item, call, verdict, sections)

    def _verdict(self, item: pytest.Function, repeater: Repeater) -> Verdict:
        """A fault of ours is said, and fails nobody's test."""
        body, roots, told = repeater.body, repeater.roots, _telling(item)
        try:
            if self._schedule is not None:
                replayed = replay_body(
                    body, self._schedule, item.nodeid, self._loaded, lab=self._lab, roots=roots
                )
                self._explored.missed(item.nodeid, replayed)
                return replayed.verdict
            changes = changes_of(item)
            verdict = self.explore(
                body, item.nodeid, self._loaded, lab=self._lab, told=told, roots=roots, **changes
            )
            return self._doubted(verdict, repeater)
        except Interrupted as interrupted:
            hook = item.ihook.pytest_racecheck_explored
            hook(item=item, verdict=interrupted.verdict, findings=[])
            raise KeyboardInterrupt from None
        except Exception as error:
            fault = f"{item.nodeid} could not be explored: {type(error).__name__}: {error}"
            return Verdict(item.nodeid, INCONCLUSIVE, reason=fault, faults=(fault,))

    def _doubted(self, verdict: Verdict, repeater: Repeater) -> Verdict:
        """Failures that say nothing of an order: of tests that pass once, and never again."""
        kept, reason = [], verdict.reason
        for found in verdict.found:
            if found.failure.kind != RACE and found.replays and not found.replayed:
                reason = f"it failed once, and in none of {found.replays} replays"
            elif not self._needs_order(found, repeater):
                reason = f"{ONCE}: {found.failure.text}"
            else:
                kept.append(found)
        if len(kept) == len(verdict.found):
            return verdict
        outcome = FAILS if kept else INCONCLUSIVE
        return replace(verdict, found=tuple(kept), outcome=outcome, reason=reason)

    def _needs_order(self, found: Found, repeater: Repeater) -> bool:
        """Whether it passes in some order, under control as well as without."""
        if found.failure.kind == RACE or found.by != "ordinary" or found.schedule.switches:
            return True
        strategy = RandomWalk(0, CHANCES)
        while strategy.begin():
            run = self._lab.run(strategy, repeater.body)
            if not run.limit and found.failure.mark not in {one.mark for one in run.failures}:
                return True
        return False

    def _shown_again(
        self, repeater: Repeater, found: Sequence[Found], output: Output
    ) -> list[tuple[str, str]]:
        """What the test prints under the schedule that fails."""
        if not found:
            return []
        output.read()
        self._lab.replay(found[0].schedule, repeater.body)
        return output.read()

    # -- what comes of it

    def _judged(
        self,
        item: pytest.Function,
        call: pytest.TestReport,
        verdict: Verdict,
        sections: list[tuple[str, str]],
    ) -> None:
        findings, verdict = _findings(verdict)
        shown, hidden = self._judge.parts(findings)
        shown = [item.stash[Fixture.KEY].judged(finding) for finding in shown]
        self._explored.suppressed += [*hidden, *(f for f in shown if f.suppressed)]
        shown = [finding for finding in shown if not finding.suppressed]
        failing = [finding for finding in shown if self._fails(finding)]
        if call.failed and not failing:
            attach(call, OFF)
            return
        attach(call, verdict, fails=bool(failing))
        item.ihook.pytest_racecheck_explored(item=item, verdict=verdict, findings=shown)
        if not shown:
            return
        setattr(call, ATTRIBUTE, encoded(shown))
        properties = [("racecheck", f"{f.code} {f.subject}") for f in shown]
        call.user_properties += properties
        item.user_properties += properties
        if call.failed:
            call.sections.append(("racecheck", text_of(failing)))
        elif failing:
            fail(item, call, failing, [found.failure.error for found in verdict.found])
            call.sections += sections

    def _fails(self, finding: Finding) -> bool:
        least = Confidence(self._loaded.settings.explore.fail_on)
        return finding.severity is not Severity.NOTE and finding.confidence.rank >= least.rank

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Everything is as it was."""
        self._lab.__exit__(None, None, None)


def _findings(verdict: Verdict) -> tuple[list[Finding], Verdict]:
    """What failed, in words; a fault of ours in finding them is one of the verdict."""
    faults: list[str] = []

    def failed(found: Found, error: Exception) -> None:
        what = found.failure.text
        faults.append(f"{verdict.target} fails ({what}), which cannot be told: {error!r}")

    findings = list(telling.findings_of(verdict, _RULES, failed))
    if faults:
        return findings, replace(verdict, faults=(*verdict.faults, *faults))
    return findings, verdict


def _is_to_be_explored(item: pytest.Function) -> bool:
    """Not if its marker says no, if fixtures are only shown, or if it reports parts of itself."""
    chosen = item.config.option
    if getattr(chosen, "setuponly", False) or getattr(chosen, "setupshow", False):
        return False
    if getattr(chosen, "trace", False) or "subtests" in item.fixturenames:
        return False
    marks = [mark.kwargs for mark in item.iter_markers("racecheck")]
    return not any(mark.get("explore") is False or mark.get("enable") is False for mark in marks)


def changes_of(item: pytest.Item) -> dict[str, Any]:
    """What the nearest marker says of the plan: `explore=500`."""
    for mark in item.iter_markers("racecheck"):
        wanted = mark.kwargs.get("explore")
        if isinstance(wanted, int) and wanted is not True:
            return {"schedules": wanted}
    return {}


def _obey_marks(item: pytest.Item) -> None:
    fixture = item.stash.setdefault(Fixture.KEY, Fixture())
    for mark in item.iter_markers("racecheck"):
        obey(fixture, mark)


def _telling(item: pytest.Item) -> Callable[[str], None]:
    def told(text: str) -> None:
        item.ihook.pytest_racecheck_told(item=item, text=text)

    return told
