"""The phases of a test as `_pytest.runner` runs them, reported once it is known how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from _pytest.runner import CallInfo, check_interactive_exception
from _pytest.skipping import xfailed_key

from racecheck.core.finding import Finding
from racecheck.testing.watcher import Shown

_INTERACTIVE: Final = pytest.StashKey[Any]()


def phase(
    item: pytest.Item, when: Any, hook: Callable[..., Any] | None = None, **named: Any
) -> pytest.TestReport:
    """Run one phase, as `call_and_report` of pytest does; it is logged later."""
    hook = hook or getattr(item.ihook, f"pytest_runtest_{when}")
    reraise: tuple[type[BaseException], ...] = (pytest.exit.Exception,)
    if not item.config.getoption("usepdb", False):
        reraise += (KeyboardInterrupt,)
    call = CallInfo.from_call(lambda: hook(item=item, **named), when=when, reraise=reraise)
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    if check_interactive_exception(call, report):
        item.stash[_INTERACTIVE] = report, call
    return report


def log(item: pytest.Item, report: pytest.TestReport) -> None:
    """Say what came of it; somebody may want to look at an exception."""
    item.ihook.pytest_runtest_logreport(report=report)
    kept, call = item.stash.get(_INTERACTIVE, (None, None))
    if kept is report:
        del item.stash[_INTERACTIVE]
        item.ihook.pytest_exception_interact(node=item, call=call, report=report)


def next_of(item: pytest.Item, nextitem: pytest.Item | None) -> pytest.Item | None:
    """None if the session is about to end: then this test takes down everything."""
    stops = item.session.shouldfail or item.session.shouldstop
    return None if stops else nextitem


def is_needed(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Whether there are wider fixtures that the next test does not share."""
    stack = list(item.session._setupstate.stack)
    return stack != (nextitem.listchain() if nextitem is not None else [])[: len(stack)]


def can_fail(call: pytest.TestReport) -> bool:
    """Whether its own run passed; one that is expected to fail, and has not, did so as well."""
    strictly = isinstance(call.longrepr, str) and call.longrepr.startswith("[XPASS(strict)]")
    return call.passed or strictly


def failed_by_itself(call: pytest.TestReport) -> bool:
    """Whether its own run failed, and was not expected to."""
    return call.failed and not hasattr(call, "wasxfail") and not isinstance(call.longrepr, str)


def fail(
    item: pytest.Item,
    call: pytest.TestReport,
    findings: list[Finding],
    errors: Sequence[BaseException | None],
) -> None:
    """The test fails; or does what is expected of it, if that is to fail."""
    expected = item.stash.get(xfailed_key, None)
    if expected is not None and not item.config.option.runxfail:
        raises = expected.raises
        kinds: Any = raises if isinstance(raises, (type, tuple)) else ()
        if raises is None or any(isinstance(error, kinds) for error in errors):
            call.outcome, call.wasxfail = "skipped", expected.reason
            call.longrepr = Shown(findings)
            return
        if hasattr(call, "wasxfail"):
            del call.wasxfail
    call.outcome = "failed"
    call.longrepr = Shown(findings)
