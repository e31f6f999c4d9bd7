"""The tests of `racecheck confirm`: each runs once and is looked at; some are tried again.

Fixtures, repetitions and what is put back are those of `pytest --racecheck-explore`.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from racecheck.bridge.confirm import Confirmer
from racecheck.bridge.exploring import interruptible
from racecheck.bridge.watching import Judge
from racecheck.explore.lab import Lab
from racecheck.runtime.session import RefusedError
from racecheck.runtime.threads import threads
from racecheck.settings import Loaded
from racecheck.testing.explored import Explored
from racecheck.testing.exploring import Exploring
from racecheck.testing.repeating import Repeater
from racecheck.testing.undisturbing import undisturbed, without_timeout

NAME = "racecheck-exploring"
"""Under this name a plugin is left out of the repetitions of a test."""


class Opening:
    """Handed to pytest: before any conftest is imported, the lab is opened."""

    def __init__(self, lab: Lab, judge: Judge, loaded: Loaded, confirmer: Confirmer) -> None:
        self._lab = lab
        self._judge = judge
        self._loaded = loaded
        self._confirmer = confirmer
        self._is_open = False
        self.interrupted = False
        self.root: Path | None = None
        self.failed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        """From here on imported code is looked at."""
        try:
            self._lab.__enter__()
        except RefusedError as error:
            raise pytest.UsageError(f"racecheck: no backend can be used: {error}") from None
        self._is_open = True
        plugin = Confirming(self._lab, self._judge, self._loaded, self._confirmer, self)
        early_config.pluginmanager.register(plugin, NAME)

    def close(self) -> None:
        """Also where pytest has ended before it began: an option of it was wrong."""
        if self._is_open:
            self._is_open = False
            self._lab.__exit__(None, None, None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """One process: what xdist would spread, runs here."""
        self.root = config.rootpath
        option = config.option
        if hasattr(option, "dist"):
            option.dist, option.tx, option.numprocesses = "no", [], None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tests that fail by themselves show nothing."""
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Ctrl-C. pytest says it as well of tests that cannot be collected."""
        self.interrupted = excinfo.type is KeyboardInterrupt


class Confirming(Exploring):
    """Looks at each test; then those that reach something are run again, and aimed at it."""

    def __init__(
        self, lab: Lab, judge: Judge, loaded: Loaded, confirmer: Confirmer, opening: Opening
    ) -> None:
        super().__init__(lab, judge, loaded, Explored(loaded, lab.session))
        self._confirmer = confirmer
        self._opening = opening
        self._attacks = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """All tests, then those that are wanted again."""
        options = session.config.option
        if options.collectonly or session.testsfailed:
            return None
        self._all(session.items)
        wanted = self._confirmer.wanted
        self._attacks = True
        items = {item.nodeid: item for item in session.items}
        self._all([items[test] for test in wanted if test in items])
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Everything is as it was."""
        self._opening.close()

    def _all(self, items: list[pytest.Item]) -> None:
        for item, following in zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _by_chance(self, call: pytest.TestReport) -> bool:
        """A test that fails by itself is no witness."""
        return False

    def _repeat(self, item: pytest.Function, repeater: Repeater, call: pytest.TestReport) -> None:
        """Instead of an exploration: look, or attack; the report of the test stays what it is."""
        self._item = None
        lab = self._lab
        repeater.settle()
        after = lab.noted(repeater.roots)
        without_timeout(item)
        assert self._before is not None
        self._before.rewind()
        try:
            with undisturbed(item, lab.controller), interruptible(lab):
                lab.note_state(repeater.roots)
                try:
                    act = self._confirmer.attack if self._attacks else self._confirmer.look
                    act(lab, repeater.body, item.nodeid)
                finally:
                    lab.rewind()
        except Exception as error:
            said = f"{item.nodeid} could not be used: {type(error).__name__}: {error}"
            self._confirmer.faults[said] = None
        finally:
            after.rewind()
            threads.reset()
            lab.session.take(leaks=False)
