"""The zoo again and again: what is found depends neither on timing nor on what ran before.

A tenth of it, another one each day; all of it with `RACECHECK_ZOO=all` and
`-o faulthandler_timeout=0`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date

import pytest

from tests.zoo.loader import USABLE, Program, mistakes, programs
from tests.zoo.workers import run

TIMES = 20
PARTS = 1 if os.environ.get("RACECHECK_ZOO") == "all" else 10
HERE = [program for program in programs() if program.runs_here]
PART = HERE[date.today().toordinal() % PARTS :: PARTS]


@pytest.mark.slow
@pytest.mark.daily
@pytest.mark.parametrize("backend", USABLE)
def test_every_time_the_same(backend: str) -> None:
    known = {program.name: program for program in PART}
    said: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for outcome in run(backend, [program.name for program in quick(PART)] * TIMES):
        said[outcome.name].add(tuple(mistakes(known[outcome.name], outcome)))
    assert {name: found for name, found in said.items() if found != {()}} == {}


def quick(programs: list[Program]) -> list[Program]:
    """Without those that wait for a hang to be believed: twenty times that is a minute each."""
    return [program for program in programs if program.ends]
