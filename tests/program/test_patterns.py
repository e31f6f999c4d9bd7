"""Names of methods that a library calls."""

from __future__ import annotations

import pytest

from racecheck.program.patterns import matcher

CASES = {
    "a plain name": ("run", True),
    "no part of a name": ("running", False),
    "a pattern": ("do_GET", True),
    "one character": ("on_a", True),
    "not two": ("on_ab", False),
    "case matters": ("DO_GET", False),
}


@pytest.mark.parametrize(("name", "expected"), CASES.values(), ids=CASES)
def test_matching(name: str, expected: bool) -> None:
    assert matcher(("run", "do_*", "on_?"))(name) is expected


def test_no_patterns_match_nothing() -> None:
    assert not matcher(())("run")
