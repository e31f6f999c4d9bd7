"""Rewritten code is the same code, and tells what it touches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.rewriter import compile_with_table
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
