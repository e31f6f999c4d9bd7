"""Each program of the zoo, on each backend: what its marks say is found, and nothing else."""

from __future__ import annotations

import ast
import sys

import pytest

from racecheck.catalog import load as catalog
from tests.zoo.loader import UNWATCHED, USABLE, Found, Program, mistakes, programs
from tests.zoo.workers import outcomes

ALL = programs()
HERE = [program for program in ALL if program.runs_here]


def ids(value: object) -> str:
    return value.name if isinstance(value, Program) else str(value)


@pytest.mark.parametrize("program", HERE, ids=ids)
@pytest.mark.parametrize("backend", USABLE)
def test_what_is_marked_is_found_and_nothing_else(program: Program, backend: str) -> None:
    assert mistakes(program, outcomes(backend)[program.name]) == []


@pytest.mark.parametrize("program", HERE, ids=ids)
def test_all_backends_say_the_same(program: Program) -> None:
    said = {backend: essence(outcomes(backend)[program.name].found) for backend in USABLE}
    assert set(said.values()) == {said[USABLE[0]]}, said


def essence(found: tuple[Found, ...]) -> frozenset[tuple[str, str, str, int]]:
    """Which threads happen to come first decides how pairs are grouped, but not what is in them."""
    return frozenset((f.code, f.subject, f.severity, line) for f in found for line in f.lines)


@pytest.mark.parametrize("program", [one for one in HERE if one.ends], ids=ids)
def test_unwatched_it_comes_to_an_end(program: Program) -> None:
    assert outcomes(UNWATCHED)[program.name].error == ""


def test_the_zoo_is_large_and_most_of_it_is_clean() -> None:
    buggy = [program for program in ALL if not program.clean]
    assert len(ALL) >= 130
    assert len(ALL) - len(buggy) >= len(buggy)
    for family in {program.family for program in ALL}:
        kinds = {program.clean for program in ALL if program.family == family}
        assert kinds == {True, False}, family


def test_marks_are_of_known_codes_and_every_program_says_what_it_shows() -> None:
    known = catalog.rulebook().codes
    for program in ALL:
        marks = {**program.marks("expect"), **program.marks("note")}
        assert {code for code, _ in marks} <= set(known), program.name
        tree = ast.parse(program.path.read_text("utf-8"))
        assert ast.get_docstring(tree), program.name
        assert program.path.stem not in sys.stdlib_module_names
