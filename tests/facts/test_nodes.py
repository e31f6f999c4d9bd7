"""The tree of records says the same as LibCST's, and LibCST is left as it was."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

import libcst
import msgspec
import pytest

from racecheck.facts import nodes
from racecheck.facts.shapes import FIELDS

SOURCES = sorted(Path(nodes.__file__).parent.glob("*.py"))


def described(node: object) -> object:
    """A tree as plain values: of records or of LibCST's nodes."""
    if isinstance(node, list | tuple):
        return [described(one) for one in node]
    if is_dataclass(node):
        return type(node).__name__, [described(getattr(node, f.name)) for f in fields(node)]
    if isinstance(node, msgspec.Struct):
        names = nodes.field_names(type(node))
        return type(node).__name__, [described(getattr(node, name)) for name in names]
    return None if node is libcst.MaybeSentinel.DEFAULT else node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_records_hold_what_nodes_hold(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = nodes.parse(text)
    assert isinstance(tree, nodes.cst.Module)
    assert described(tree) == described(libcst.parse_module(text))
    assert nodes.code(tree) == text


def test_the_table_has_every_class_of_nodes() -> None:
    classes = {
        name: tuple(field.name for field in fields(kind))
        for name, kind in vars(libcst).items()
        if isinstance(kind, type) and issubclass(kind, libcst.CSTNode) and is_dataclass(kind)
        if not kind.__abstractmethods__  # type: ignore[attr-defined]
    }
    # Why not equal: an older LibCST lacks some.
    assert classes.items() <= {name: tuple(held) for name, held in FIELDS.items()}.items()


@pytest.mark.parametrize("text", ["x = 1\n", "def f(:\n"])
def test_libcst_stays_what_it_is(text: str) -> None:
    with suppress(libcst.ParserSyntaxError):
        nodes.parse(text)
    assert sys.modules["libcst"] is libcst
    assert type(libcst.parse_module("x\n")) is libcst.Module


def test_beside_another_thread_libcst_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    parse = libcst.parse_module

    def watched(text: str) -> libcst.Module:
        seen.append(sys.modules["libcst"])
        return parse(text)

    monkeypatch.setattr(libcst, "parse_module", watched)
    text = SOURCES[0].read_text(encoding="utf-8")
    alone = nodes.parse(text)
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        beside = nodes.parse(text)
    finally:
        end.set()
        other.join()
    assert seen
    assert all(one is libcst for one in seen)
    assert described(beside) == described(alone)


def test_a_tree_of_libcst_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    text = SOURCES[0].read_text(encoding="utf-8")
    tree = libcst.parse_module(text)
    monkeypatch.setattr(nodes, "_parse", lambda _: tree)
    assert isinstance(nodes.parse(text), nodes.cst.Module)


@pytest.mark.parametrize(
    "text",
    [
        "def f(:\n",
        "x = 'a\n",
        "if x:\ny\n",
        "x = 1\n  y\n",
        "(" * 9,
        "\x00",
        "x = '\ud800'\n",
        "a\\b",
    ],
)
def test_errors_are_libcsts_own(text: str) -> None:
    with pytest.raises(BaseException) as theirs:
        libcst.parse_module(text)
    with pytest.raises(type(theirs.value)) as ours:
        nodes.parse(text)
    assert str(ours.value) == str(theirs.value)
    assert vars(ours.value) == vars(theirs.value)
