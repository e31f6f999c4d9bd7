"""The tool ids of `sys.monitoring`, and other tools beside us."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from racecheck.runtime.backends import monitoring
from racecheck.runtime.options import RuntimeOptions
from tests.testing.handmade import Watch

old = pytest.mark.skipif(sys.version_info >= (3, 12), reason="has sys.monitoring")
new = pytest.mark.skipif(sys.version_info < (3, 12), reason="has no sys.monitoring")
tools: Any = getattr(sys, "monitoring", None)

PROGRAM = """
class C: n = 0
def add(c):
    x = 1
    c.n += x  # before: c.n
    x = 2
    return x
def main(between):
    import threading
    start = threading.Event()
    join = spawn(start.wait)
    c = C()
    for _ in range(3):
        add(c)
        between()
    start.set()
    join()
"""


@old
def test_refused_before_312() -> None:
    assert "3.12" in (monitoring.Backend().refusal() or "")


@new
def test_refused_when_all_ids_are_taken() -> None:
    mine = [one for one in range(6) if tools.get_tool(one) is None]
    for one in mine:
        tools.use_tool_id(one, f"tool-{one}")
    found = monitoring.Backend().refusal()
    for one in mine:
        tools.free_tool_id(one)
    assert found is not None and "tool-4" in found
    assert monitoring.Backend().refusal() is None


@new
def test_another_tool_that_restarts_events(watch: Watch) -> None:
    space = watch.load(PROGRAM)
    watch.start(monitoring, RuntimeOptions())
    space["main"](tools.restart_events)
    assert watch.told.lines == [(4, "before")] * 3


@new
def test_lines_without_sites_are_disabled(watch: Watch) -> None:
    space = watch.load(PROGRAM)
    watch.start(monitoring, RuntimeOptions())
    lines: list[int] = []
    line = watch.backend._line

    def counted(code: Any, number: int) -> Any:
        lines.append(number)
        return line(code, number)

    tools.register_callback(watch.backend._tool, tools.events.LINE, counted)
    # Why: the frame that asks must be the one above.
    monitoring.pristine, before = _Above, monitoring.pristine  # type: ignore[misc, assignment]
    try:
        space["main"](lambda: None)
    finally:
        monitoring.pristine = before
    assert lines == [3, 4, 5, 6, 4, 4]
    assert len(watch.told.events) == 3


class _Above:
    @staticmethod
    def getframe(depth: int) -> Any:
        return sys._getframe(depth + 2 if depth else 1)


@new
def test_a_tool_id_that_is_taken_away_is_said(watch: Watch) -> None:
    space = watch.load(PROGRAM)
    watch.start(monitoring, RuntimeOptions())
    tool = watch.backend._tool
    tools.set_events(tool, 0)
    for event in watch.backend._callbacks():
        tools.register_callback(tool, event, None)
    tools.free_tool_id(tool)
    tools.use_tool_id(tool, "thief")
    space["main"](lambda: None)
    said = watch.backend.limits()
    watch.stop()
    assert tools.get_tool(tool) == "thief"
    tools.free_tool_id(tool)
    assert said == [
        "thief took the tool id of racecheck in sys.monitoring: nothing was seen after that"
    ]
    assert watch.told.events == []
