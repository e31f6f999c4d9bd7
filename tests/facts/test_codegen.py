"""The text of a record is the text that LibCST's generator makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import libcst
import pytest

from racecheck.facts import nodes
from racecheck.facts.codegen import text_of
from racecheck.facts.tree import children

SOURCES = sorted(Path(nodes.__file__).parent.glob("*.py"))
EXPRESSIONS = [
    "a . b",
    "( a [ 1 : 2 , ... ] )",
    "x[::2]",
    "x[*a, -1]",
    "f ( a , * b, c = d, ** e, )",
    "[ ]",
    "()",
    "(a,)",
    "{a : 1, ** b, }",
    "{*a, not b}",
    "f'{a!r:>{n}} {b=}'",
    "'a' \"b\"",
    "(\n    # why\n    a  # that\n\n    + b\n)",
    "[x async for x in y if z for a, in b]",
    "lambda a, *, b=1, **k: (yield)",
    "a if b else c",
    "(a := b)",
    "a < b is not c not in d",
    "await f()",
    "-a ** ~b @ c // d % e | f & g ^ h >> 1j",
    "a and b or ...",
]


def expressions(node: nodes.cst.CSTNode) -> Iterator[nodes.cst.CSTNode]:
    """All expressions in a tree, and what stands in brackets."""
    if issubclass(getattr(libcst, type(node).__name__), libcst.BaseExpression | libcst.BaseSlice):
        yield node
    for child in children(node):
        yield from expressions(child)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_all_that_is_in_our_own_code(path: Path) -> None:
    for statement in nodes.parse(path.read_text(encoding="utf-8")).body:
        for node in expressions(statement):
            assert text_of(node, 100_000) == nodes.code(node)


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_is_rare(text: str, newline: str) -> None:
    source = f"async def f():\n  {text}\n".replace("\n", newline)
    for node in expressions(nodes.parse(source)):
        assert text_of(node, 1000) == nodes.code(node)


def test_a_table_of_data_is_not_written_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = nodes.parse(f"[{'x @ y, ' * 1000}]\n").body
    written = []

    def code(node: nodes.cst.CSTNode) -> str:
        written.append(node)
        return nodes.code(node)

    monkeypatch.setattr("racecheck.facts.codegen.code", code)
    value = line.body[0].value
    assert text_of(value, 20) == "[x @ y, x @ y, x @ y"
    assert len(written) < 10
