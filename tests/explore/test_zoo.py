"""The runtime's zoo explored: no clean program fails, and every race and deadlock is shown."""

from __future__ import annotations

from functools import cache

import pytest

from tests.explore.known import Said, shared
from tests.explore.zoo import mistakes, of_today
from tests.zoo.loader import Program

TODAY = of_today()


@cache
def explored() -> dict[str, Said]:
    return shared(0, [program.name for program in TODAY], "tests.explore.zoo")


def ids(program: Program) -> str:
    return program.name


@pytest.mark.slow
@pytest.mark.daily
@pytest.mark.parametrize("program", TODAY, ids=ids)
def test_what_fails_is_a_race_or_a_deadlock(program: Program) -> None:
    assert mistakes(program, explored()[program.name]) == []
