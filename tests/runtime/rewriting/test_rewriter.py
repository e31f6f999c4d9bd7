"""Rewritten code is the same code, and tells what it touches."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import HealthCheck, given, settings

from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.rewriter import compile_with_table, load_first
from tests.testing.programs import programs, shown

PATH = "program.py"


@pytest.fixture(autouse=True, scope="module")
def names() -> Iterator[None]:
    gate.install()
    yield
    gate.set_open(False)


@given(programs())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_rewritten_program_shows_the_same(source: str) -> None:
    try:
        plain = compile(source, PATH, "exec", dont_inherit=True)
    except SyntaxError:
        with pytest.raises(SyntaxError):
            compile_with_table(source, PATH)
        return
    expected = shown(plain, PATH)
    code, _ = compile_with_table(source, PATH, is_main=True)
    for is_open in (False, True):
        gate.set_open(is_open)
        assert shown(code, PATH) == expected
    gate.set_open(False)


UNBOUND = """
store = {}

def tell(value):
    print("tell", value)
    return value

def work(x):
    del x
    store[x] = tell(1)

try:
    work(1)
except UnboundLocalError as error:
    print(error)
"""


def test_a_key_without_a_value_fails_where_it_would_without_us() -> None:
    expected = shown(compile(UNBOUND, PATH, "exec", dont_inherit=True), PATH)
    assert "tell 1" in str(expected)
    code, _ = compile_with_table(UNBOUND, PATH, is_main=True)
    gate.set_open(True)
    assert shown(code, PATH) == expected
    gate.set_open(False)


def lines_of(code: CodeType) -> dict[tuple[int, str], set[int]]:
    """The lines of each code in a module; cells are asked for by lambdas of our own."""
    found: dict[tuple[int, str], set[int]] = {}
    todo = [code]
    while todo:
        one = todo.pop()
        todo += [c for c in one.co_consts if isinstance(c, CodeType) and c.co_name != "<lambda>"]
        lines = {line for _, _, line in one.co_lines() if line is not None}
        found.setdefault((one.co_firstlineno, one.co_qualname), set()).update(lines)
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_standard_library_keeps_its_lines() -> None:
    root = Path(os.__file__).parent
    skipped = {"test", "tests", "site-packages", "idlelib", "lib2to3", "__pycache__"}
    paths = [p for p in sorted(root.rglob("*.py")) if not skipped & set(p.parts)]
    assert len(paths) > 300
    # Why not all: they take two minutes, and have all been looked at once on each interpreter.
    for path in paths[::6]:
        source = path.read_bytes()
        plain = lines_of(compile(source, str(path), "exec", dont_inherit=True))
        code, _ = compile_with_table(source, str(path), is_main=True)
        assert lines_of(code) == plain, path


@pytest.mark.parametrize(
    "source",
    [
        "async def f(s):\n  async with s.a as b, s.c:\n    async for x in s.a:\n      s.a = 1\n",
        "def f(s):\n    with s.n, s.m:\n        s.n = g()\n    return s.n + g() + s.n\n",
        "class A:\n    def f(self):\n        self.__n = g(self.__n)\n        super().f()\n",
        "def f(s):\n    global n\n    n = g(n)\n    del s.n, n\n",
        "def f(s):\n    return (\n        g()\n        + s.n\n    )\ndef k(s): s.n = 1\n",
        "x = 1\ndef f(): return [y.n for y in x]\n",
        "def f(s):\n    if s.a: s.n = 1\n    elif (k := g()) and s.n: pass\n    else: s.n = g()\n",
    ],
)
def test_shapes_of_code_keep_their_lines(source: str) -> None:
    plain = lines_of(compile(source, PATH, "exec"))
    code, _ = compile_with_table(source, PATH, is_main=True)
    assert lines_of(code) == plain


def test_inserted_names_cannot_be_written_and_are_no_variables() -> None:
    source = "class A:\n    def f(self):\n        self.n += 1\n        return g() + self.n\n"
    code, _ = compile_with_table(source, PATH)
    method = next(c for c in code.co_consts[0].co_consts if isinstance(c, CodeType))
    added = [name for name in method.co_names if "racecheck" in name]
    assert added
    assert not any(name.isidentifier() for name in added)
    assert method.co_varnames == ("self",)
    assert not method.co_cellvars


def test_docstrings_and_future_imports_stay_first() -> None:
    source = (
        '"""Doc."""\nfrom __future__ import annotations\nx = 1\ndef f():\n    global x\n    x = 2\n'
    )
    tree = ast.parse(source)
    load_first(tree, b"blob")
    code = compile(tree, PATH, "exec")
    assert code.co_consts[0] == "Doc."
    assert b"blob" in code.co_consts
    assert lines_of(code) == lines_of(compile(source, PATH, "exec"))
