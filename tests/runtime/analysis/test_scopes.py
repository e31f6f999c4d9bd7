"""Globals and closure variables, and how functions are found by their code."""

from __future__ import annotations

from racecheck.runtime.sites import CELL, MODULE
from tests.testing.told import function, table, told

SOURCE = """
import os
count = 0
fixed = 1
table = {}

def f(x):
    global count
    count += 1
    table[x] = fixed
    os.path = 1
    return count

def outer():
    n = 0
    items = []

    def inner():
        nonlocal n
        n += 1
        items.append(n)

    inner()
    return n

class C:
    @staticmethod
    def m(self):
        def deep():
            self.x = 1
        return deep
"""


def test_globals_that_a_function_rebinds_are_state() -> None:
    assert told(SOURCE) == [
        "9 update global count (update)",
        "10 write table[x]",
        "12 read global count",
    ]


def test_closure_variables_that_an_inner_function_rebinds_are_state() -> None:
    assert told(SOURCE, "outer") == ["15 write cell n", "24 read cell n"]
    assert told(SOURCE, "outer.<locals>.inner") == [
        "20 update cell n (update)",
        "21 read cell n",
        "21 call items.append",
    ]
    kinds = {r.kind for s in function(SOURCE, "outer").before.values() for r in s.roots}
    assert kinds == {CELL}


def test_inner_functions_that_use_such_a_variable_are_named() -> None:
    assert function(SOURCE, "outer").defines == {18: "inner"}


def test_module_level_is_told_in_the_main_module_only() -> None:
    assert told(SOURCE, "<module>") == []
    assert told(SOURCE, "<module>", is_main=True) == ["3 write global count"]


def test_a_code_object_finds_its_function() -> None:
    found = table(SOURCE)
    space: dict[str, object] = {}
    exec(compile(SOURCE, "module.py", "exec"), space)
    deep = space["C"].m(None).__code__  # type: ignore[attr-defined]
    one = found.of(deep)
    assert one is not None
    assert one.qualname == "C.m.<locals>.deep"
    assert found.of(space["C"].m.__code__) is None  # type: ignore[attr-defined]


def test_decorated_functions_begin_at_their_decorator() -> None:
    source = "@d\n@e\ndef f(self):\n    self.a = 1\n"
    assert list(table(source).functions) == [(1, "f")]


def test_the_module_is_a_root_without_a_name() -> None:
    (site,) = (s for s in function(SOURCE, "f").before.values() if s.line == 9)
    assert [(r.kind, r.name) for r in site.roots] == [(MODULE, "")]
