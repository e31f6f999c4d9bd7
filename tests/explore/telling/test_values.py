"""Values in a few characters, without a line of the program's own code."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

import pytest

from racecheck.explore.telling.values import GONE, LENGTH, Touched, shown
from racecheck.runtime.resolve import MISSING


class Loud:
    def __repr__(self) -> str:
        raise AssertionError

    __eq__ = __hash__ = __len__ = __iter__ = __repr__  # type: ignore[assignment]


class Named(type):
    def __repr__(cls) -> str:
        raise AssertionError


class Made(metaclass=Named):
    pass


class Number(int):
    def __repr__(self) -> str:
        raise AssertionError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (100, "100"),
        (1.5, "1.5"),
        (True, "True"),
        ("it's", '"it\'s"'),
        (b"x", "b'x'"),
        ([1, "a"], "[1, 'a']"),
        ((1,), "(1,)"),
        ((), "()"),
        ({"b", "a"}, "{'a', 'b'}"),
        (set(), "set()"),
        (frozenset({1}), "frozenset({1})"),
        (deque([1, 2]), "deque([1, 2])"),
        ({"a": [1]}, "{'a': [1]}"),
        (OrderedDict(a=1), "{'a': 1}"),
        ([[[[1]]]], "[[[...]]]"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, ...]"),
        (Loud(), "<Loud>"),
        ([Loud()], "[<Loud>]"),
        (Made, "<class Made>"),
        (Number(3), "<Number>"),
        (MISSING, ""),
        (10**5000, ""),
    ],
    ids=lambda _: "",
)
def test_values(value: Any, text: str) -> None:
    assert shown(value) == text


def test_long_values_are_cut() -> None:
    text = shown("x" * 500)
    assert len(text) == LENGTH
    assert text.endswith("x...'")
    assert len(shown(["y" * 100] * 3)) == LENGTH


def test_a_value_that_holds_itself() -> None:
    value: list[Any] = []
    value.append(value)
    assert shown(value) == "[[[...]]]"


@pytest.mark.parametrize(
    ("role", "write", "before", "after", "note"),
    [
        ("read", False, "100", "", "n is 100"),
        ("check", False, GONE, "", "n is not there"),
        ("read", False, "", "", ""),
        ("write", True, "100", "20", "n 100 -> 20"),
        ("write", True, "10", "10", "n 10 -> 10"),
        ("write", True, GONE, "1", "n not there -> 1"),
        ("write", True, "", "1", "n is now 1"),
        ("write", True, "1", "", "n was 1"),
        ("update", True, "0", "0", "n is 0, before and after"),
        ("change", True, "[]", "[]", "n is []"),
        ("delete", True, "1", GONE, "n 1 -> gone"),
        ("delete", True, GONE, GONE, "n is not there"),
        ("write", True, "", "", ""),
    ],
)
def test_notes(role: str, write: bool, before: str, after: str, note: str) -> None:
    assert Touched("n", "C.n", role, {(1, "n"): write}, before, after).note == note
