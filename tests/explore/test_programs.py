"""Programs with known answers: every bug is shown, by a schedule that replays; no trap fails."""

from __future__ import annotations

import ast
import sys
from functools import cache

import pytest

from tests.explore.known import PLAIN, Program, Said, mistakes, programs, shared

ALL = programs()


@cache
def explored() -> dict[str, Said]:
    return shared(0, [program.name for program in ALL])


@cache
def run_plainly() -> dict[str, Said]:
    return shared(PLAIN, [program.name for program in ALL])


def ids(program: Program) -> str:
    return program.name


@pytest.mark.slow
@pytest.mark.parametrize("program", ALL, ids=ids)
def test_what_is_known_is_found_and_nothing_else(program: Program) -> None:
    assert mistakes(program, explored()[program.name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("program", ALL, ids=ids)
def test_run_as_it_is_it_passes(program: Program) -> None:
    assert run_plainly()[program.name].error == ""


def test_there_are_many_and_most_are_clean() -> None:
    buggy = [program for program in ALL if not program.clean]
    assert len(buggy) >= 50
    assert len(ALL) - len(buggy) >= 70


@pytest.mark.parametrize("program", ALL, ids=ids)
def test_it_says_what_it_shows_and_has_a_name_of_its_own(program: Program) -> None:
    tree = ast.parse(program.path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    assert any(isinstance(one, ast.FunctionDef) and one.name == "test" for one in tree.body)
    assert program.path.stem not in sys.stdlib_module_names
    assert all(one.switches <= 2 for one in program.expected)
