"""A process that explores tests for another one: `python -m racecheck.testing.child`.

It is a run of pytest whose tests are those that somebody orders, as often as they are ordered.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from racecheck.bridge.child import Channel, explored
from racecheck.bridge.orders import Answer, Order
from racecheck.explore.jobs.legs import Leg
from racecheck.explore.jobs.parts import plain
from racecheck.explore.lab import Body, Lab
from racecheck.explore.verdict import PASSES, Verdict
from racecheck.settings import Loaded


class Ordered:
    """Explores what an order says, in the place of `explore_body`. `leg`: what came of it."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self.leg: Leg | None = None

    def __call__(
        self, body: Body, target: str, loaded: Loaded, *, lab: Lab, **more: Any
    ) -> Verdict:
        """A verdict; of a part that says nothing by itself, one that fails nobody's test."""
        found = explored(lab, body, self._order, loaded, **more)
        if isinstance(found, Verdict):
            return found
        self.leg = found
        return Verdict(target, PASSES)


class Remote:
    """A plugin: instead of running all tests it runs what is ordered."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._items: dict[str, pytest.Item] = {}
        self._reports: list[Any] = []
        self._told: list[str] = []
        self._verdict: Verdict | None = None
        self._config: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Serve, and leave: what other plugins do at the end is done elsewhere."""
        self._config = session.config
        self._items = {item.nodeid: item for item in session.items}
        self._channel.serve(self._answer)
        os._exit(0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep it in a form that other processes read."""
        hook = self._config.hook
        self._reports.append(hook.pytest_report_to_serializable(config=self._config, report=report))

    def pytest_racecheck_told(self, text: str) -> None:
        """A line for whoever has sent the order."""
        self._told.append(text)

    def pytest_racecheck_explored(self, verdict: Verdict) -> None:
        """What came of it."""
        self._verdict = verdict

    def _answer(self, order: Order) -> Answer:
        item = self._items.get(order.target)
        if item is None:
            return Answer(fault="its process does not find it among its tests")
        session, plugin = item.session, self._config.pluginmanager.get_plugin("racecheck-exploring")
        ordered = plugin.explore = Ordered(order)
        self._verdict = None
        # Why: other orders know nothing of what has failed here.
        session.shouldfail = session.shouldstop = False
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            return self._said(order, ordered)
        finally:
            self._reports, self._told = [], []

    def _said(self, order: Order, ordered: Ordered) -> Answer:
        found, told = self._verdict or Verdict(order.target, PASSES), tuple(self._told)
        if order.share is not None:
            fault = "" if ordered.leg is not None else "its own run has failed in another process"
            return Answer(leg=ordered.leg, fault=fault, told=told)
        reports = tuple(self._reports)
        if ordered.leg is not None:
            return Answer(leg=ordered.leg, told=told, reports=reports)
        return Answer(verdict=plain(found), told=told, reports=reports)


def main() -> None:
    """Until nobody has an order any more."""
    channel = Channel()
    setup = channel.setup()
    sys.argv = ["pytest", *setup.arguments]
    code = pytest.main(list(setup.arguments), plugins=[Remote(channel)])
    os._exit(int(code) or 1)


if __name__ == "__main__":
    main()
