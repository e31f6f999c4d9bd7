"""The slot of `sys.settrace`: who else may have it, and what is said then."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from racecheck.runtime.backends import settrace
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.tracing import variables
from tests.testing.handmade import Watch

PROGRAM = """
class C: n = 0
def add(c):
    c.n += 1  # before: c.n
def main(between):
    import threading
    start = threading.Event()
    join = spawn(start.wait)
    c = C()
    add(c)
    between()
    add(c)
    c.n += 1  # before: c.n
    start.set()
    join()
"""


def other(*_: Any) -> None:
    """Somebody else's trace function."""


@pytest.fixture(autouse=True)
def slot_as_before() -> Iterator[None]:
    mine, theirs = sys.gettrace(), threading.gettrace()
    yield
    sys.settrace(mine)
    threading.settrace(theirs)  # type: ignore[arg-type]


def test_refused_while_somebody_has_the_slot() -> None:
    sys.settrace(other)
    found = settrace.Backend().refusal()
    sys.settrace(None)
    assert found is not None and "sys.settrace" in found and "rewrite" in found


def test_refused_while_somebody_has_the_slot_of_new_threads() -> None:
    threading.settrace(other)
    found = settrace.Backend().refusal()
    threading.settrace(None)  # type: ignore[arg-type]
    assert found is not None


def test_refused_where_variables_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "usable", False)
    assert "ctypes" in (settrace.Backend().refusal() or "")


def test_a_slot_that_is_taken_away_is_said(watch: Watch) -> None:
    space = watch.load(PROGRAM)
    watch.start(settrace, RuntimeOptions())
    space["main"](lambda: sys.settrace(other))
    assert sys.gettrace() is other
    sys.settrace(None)
    (said,) = watch.backend.limits()
    assert "sys.settrace" in said
    # Why two: a frame that is armed already has a trace function of its own.
    assert [name for name, *_ in watch.told.events] == ["add", "main"]
    space["main"](lambda: None)
    assert len(watch.told.events) == 2 + 3


def test_a_slot_that_is_lent_and_given_back_is_ours_again(watch: Watch) -> None:
    def lend() -> None:
        mine = sys.gettrace()
        sys.settrace(None)
        sys.settrace(mine)

    space = watch.load(PROGRAM)
    watch.start(settrace, RuntimeOptions())
    space["main"](lend)
    assert watch.backend.limits() == []
    assert len(watch.told.events) == 3


def test_only_the_threads_that_run_are_traced(watch: Watch) -> None:
    space = watch.load(PROGRAM)
    watch.start(settrace, RuntimeOptions())
    assert sys.gettrace() is None
    seen: list[object] = []
    space["main"](lambda: seen.append(sys.gettrace()))
    assert seen[0] is not None
    assert sys.gettrace() is None
