"""`--racecheck-explore` with `explore.jobs` or `explore.cluster`: others explore the tests.

This process collects tests and hears reports, as xdist's controller does; nothing is watched here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from racecheck.bridge.exploring import options
from racecheck.bridge.orders import TESTS, Order, Setup, sys_path
from racecheck.bridge.spreading import Spread, spreader
from racecheck.core.errors import RacecheckError
from racecheck.explore.explorer import Plan
from racecheck.settings import Loaded
from racecheck.testing.explored import attach
from racecheck.testing.exploring import changes_of

GRACE: Final = 600.0
"""Seconds that a test may take beside its exploration: it runs once as always, for each share."""


class Spreading:
    """A plugin: instead of running tests here it sends them elsewhere, and reports what comes."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """All of them, reported in the order in which they were collected."""
        chosen = session.config.option
        if chosen.collectonly or (session.testsfailed and not chosen.continue_on_collection_errors):
            return None
        self._items = {item.nodeid: item for item in session.items}
        try:
            self._explore(session)
        except RacecheckError as error:
            hint = f"\n  {error.hint}" if error.hint else ""
            raise pytest.UsageError(f"racecheck: {error.message}{hint}") from None
        return True

    def _explore(self, session: pytest.Session) -> None:
        orders = [Order(item.nodeid) for item in session.items]
        setup = self._setup(session.config)
        with spreader(setup, self._told, plan=self._plan, grace=GRACE) as found:
            for item, spread in zip(session.items, found.explore(orders), strict=True):
                self._report(item, spread)
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
                if session.shouldstop:
                    raise session.Interrupted(session.shouldstop)

    def _setup(self, config: pytest.Config) -> Setup:
        names = [name for name in os.environ if name.startswith("RACECHECK_")]
        names += [name for name in ("PYTEST_ADDOPTS",) if name in os.environ]
        return Setup(
            self._loaded,
            module=TESTS,
            folder=str(config.invocation_params.dir),
            path=sys_path(),
            arguments=tuple(str(one) for one in config.invocation_params.args),
            environment=tuple((name, os.environ[name]) for name in sorted(names)),
        )

    def _plan(self, target: str) -> Plan:
        return replace(options(self._loaded)[1], **changes_of(self._items[target]))

    def _told(self, target: str, line: str) -> None:
        item = self._items[target]
        item.ihook.pytest_racecheck_told(item=item, text=line)

    def _report(self, item: pytest.Item, spread: Spread) -> None:
        hook, config = item.ihook, item.config
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports: Sequence[Any] = [
            hook.pytest_report_from_serializable(config=config, data=data)
            for data in spread.reports
        ] or [_lost(item, spread.verdict.reason)]
        for report in reports:
            if report.when == "call" and spread.summed:
                attach(report, spread.verdict)
            hook.pytest_runtest_logreport(report=report)
        if spread.summed:
            hook.pytest_racecheck_explored(item=item, verdict=spread.verdict, findings=[])
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _lost(item: pytest.Item, said: str) -> pytest.TestReport:
    """Of a test that has not come back even from its own run."""
    keywords: Any = dict.fromkeys(item.keywords, 1)
    text = f"racecheck: {said}"
    return pytest.TestReport(item.nodeid, item.location, keywords, "failed", text, "call")
