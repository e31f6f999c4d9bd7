"""Fixtures of the whole suite: snapshots, and commands run in this process."""

from __future__ import annotations

import datetime
import difflib
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Why: in the background of a shell it is ignored, by our children as well, and tests send it.
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)

SNAPSHOTS = Path(__file__).parent / "snapshots"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-snapshots", action="store_true", help="rewrite tests/snapshots with what came out"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only repeats what else is tested has its turn on each version, one a day."""
    today = 11 + datetime.datetime.now(datetime.UTC).timetuple().tm_yday % 3
    if os.environ.get("RACECHECK_DAILY") == "all" or sys.version_info.minor == today:
        return
    for item in items:
        if item.get_closest_marker("daily") is not None:
            item.add_marker(pytest.mark.skip(reason=f"today on Python 3.{today}"))


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A thread that stays could end any wait: the tests that come next would see no hang."""
    before = set(threading.enumerate())
    yield
    patience = time.monotonic() + 20
    while left := [one.name for one in threading.enumerate() if one not in before]:
        assert time.monotonic() < patience, f"threads are left behind: {left}"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def small_heap() -> Iterator[None]:
    """Looking for locks that exist takes seconds in a heap that holds thousands of syntax trees."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/snapshots/<name>; a missing file is a failure, too."""
    update = bool(request.config.getoption("--update-snapshots"))

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        expected = path.read_text("utf-8") if path.exists() else ""
        if text != expected:
            lines = difflib.unified_diff(
                expected.splitlines(), text.splitlines(), name, "this run", lineterm=""
            )
            pytest.fail("\n".join([*lines, "", "if this is right: pytest --update-snapshots"]))

    return compare


@pytest.fixture
def large_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prefilter decides however small the project of the test is."""
    monkeypatch.setattr("racecheck.source.driver.SMALL_LINES", 0)
