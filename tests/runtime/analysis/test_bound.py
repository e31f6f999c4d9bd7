"""Only variables that are certainly bound may be looked at before a statement."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.testing.told import told


def lines(body: str) -> list[str]:
    return told(f"def f(p, q):\n{indent(body, '    ')}\n")


@pytest.mark.parametrize(
    "body",
    [
        "x.a = 1",
        "if p:\n    x = q\nx.a = 1",
        "for x in p: pass\nx.a = 1",
        "while p:\n    x = q\nx.a = 1",
        "try:\n    x = q\nexcept E:\n    pass\nx.a = 1",
        "try:\n    g()\nexcept E as x:\n    x.a = 1",
        "x = q\ndel x\nx.a = 1",
        "x = q\nfor _ in p:\n    x.a = 1\n    del x",
        "match p:\n    case [x] | {'a': x}:\n        x.a = 1",
        "p and (x := q)\nx.a = 1",
        "unknown.a = 1",
    ],
)
def test_what_may_be_unbound_is_left_out(body: str) -> None:
    assert [line for line in lines(body) if "write x" in line or "unknown" in line] == []


@pytest.mark.parametrize(
    "body",
    [
        "x = q\nx.a = 1",
        "if p:\n    x = q\nelse:\n    x = p\nx.a = 1",
        "if p:\n    x = q\nelse:\n    return\nx.a = 1",
        "for x in p:\n    x.a = 1",
        "with p as x:\n    x.a = 1",
        "with p:\n    x = q\nx.a = 1",
        "try:\n    x = q\nexcept E:\n    raise\nx.a = 1",
        "try:\n    pass\nfinally:\n    x = q\nx.a = 1",
        "if (x := q):\n    x.a = 1",
        "x, *y = p\nx.a = 1",
        "import x\nx.a = 1",
        "def x(): pass\nx.a = 1",
        "match p:\n    case {'a': x}:\n        x.a = 1",
        "while True:\n    x = q\n    x.a = 1",
    ],
)
def test_what_is_bound_on_every_path_is_told(body: str) -> None:
    assert [line for line in lines(body) if "write x.a" in line]


def test_free_variables_are_told_if_bound_before_the_function() -> None:
    source = """
    def outer(p):
        x = p
        def f():
            x.a = 1
            y.a = 1
        y = p
        return f
    """
    assert told(source, "outer.<locals>.f") == ["5 write x.a"]


def test_a_key_that_may_be_unbound_is_unknown() -> None:
    assert lines("if p:\n    k = 1\nq[k] = 1") == ["4 write q[?]"]
