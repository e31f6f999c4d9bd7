"""Reading needs a deep stack for a while; the process it happens in keeps its own limit."""

from __future__ import annotations

import sys

import pytest

from racecheck.facts.parse import Source, parse
from racecheck.facts.read import read

NESTED = b"x = " + b"(" * 90 + b"1" + b")" * 90


@pytest.mark.parametrize("data", [b"", b"x = 1\n", b"def f(:\n", b"\xff", NESTED])
def test_the_limit_is_what_it_was(data: bytes) -> None:
    before = sys.getrecursionlimit()
    read(data)
    parse(data)
    assert sys.getrecursionlimit() == before


def test_what_needs_more_than_the_usual_limit_is_read() -> None:
    text = "x = " + " + ".join(["a"] * 1500)
    assert isinstance(parse(text.encode()), Source)
    assert read(text.encode()).problem is None
