"""Statements in bytecode: for each version the same beginnings, whatever its compiler does."""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from racecheck.runtime.analysis.scopes import statements
from racecheck.runtime.tracing.flow import Flow
from racecheck.runtime.tracing.tables import header


def lines_told(source: str) -> list[int]:
    """First lines of the statements of `f`, as their beginnings are met while it runs."""
    text = textwrap.dedent(source).strip()
    space: dict[str, Any] = {}
    exec(compile(text, "text", "exec"), space)
    code = space["f"].__code__
    flow, begins = Flow(code), {}
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    for one in statements(node.body):
        begins.update(dict.fromkeys(flow.begins(*header(one)), one.lineno))
    found: list[int] = []

    def trace(frame: Any, event: str, _: Any) -> Any:
        if frame.f_code is not code:
            return None
        if event == "line" and frame.f_lasti in begins:
            found.append(begins[frame.f_lasti])
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        space["f"]()
    finally:
        sys.settrace(before)
    return found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n x = 1\n y = (\n  x,\n  2\n )\n return y", [2, 3, 7]),
        ("def f():\n for x in (\n  1, len('a')\n ):\n  y = x", [2, 5, 5]),
        ("def f():\n x = 2\n while x:\n  x -= 1", [2, 3, 4, 3, 4, 3]),
        (
            "def f():\n import threading as t\n with t.Lock(), t.Lock():\n  x = 1\n x = 2",
            [2, 3, 4, 5],
        ),
        (
            "def f():\n try:\n  x = int('q')\n except ValueError:\n  x = 1\n finally:\n  x = 2",
            [2, 3, 5, 7],
        ),
        ("def f():\n x = [\n  y for y in (1, 2)\n ]\n return x", [2, 5]),
        ("def f():\n if not (\n  1 > 2\n ):\n  return (\n   1\n  )", [2, 5]),
    ],
)
def test_each_statement_begins_once_each_time(source: str, lines: list[int]) -> None:
    assert lines_told(source) == lines


def test_a_function_that_is_resumed_has_no_entry() -> None:
    def once(c: Any) -> None:
        c.n += 1

    def resumed(c: Any) -> Any:
        yield c.n

    assert Flow(once.__code__).entry == min(Flow(once.__code__).begins(*_lines(once)))
    assert Flow(resumed.__code__).entry == -1


def _lines(function: Any) -> tuple[int, int]:
    first = function.__code__.co_firstlineno
    return first + 1, first + 1


def test_all_of_a_large_module() -> None:
    """Whatever a compiler makes of real code, there is an answer."""
    path = Path(textwrap.__file__)
    todo = [compile(path.read_bytes(), str(path), "exec")]
    while todo:
        code = todo.pop()
        todo += [one for one in code.co_consts if hasattr(one, "co_code")]
        flow = Flow(code)
        for line in {step.line for step in flow.steps if step.line}:
            assert flow.begins(line, line) <= flow.inside(line, line)
            assert not flow.leaves(line, line) & flow.inside(line, line)
