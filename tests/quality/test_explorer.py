"""How good the explorer is: schedules until a bug is found, switches that are left, replays."""

from __future__ import annotations

import datetime
import os
import statistics
from functools import cache

import pytest

from tests.explore.known import Program, Said, Shown, programs, shared

MANY = 20
FEW = 2
_SHIFT = datetime.datetime.now(datetime.UTC).timetuple().tm_yday
SEEDS = (
    range(MANY)
    if os.environ.get("RACECHECK_SEEDS") == "all"
    else [(_SHIFT * FEW + step) % MANY for step in range(FEW)]
)
"""Other ones each day; all of them with `RACECHECK_SEEDS=all`."""
BUGGY = [program for program in programs() if not program.clean]

SCHEDULES = 100
"""Schedules until the failure, as the median over the seeds: of each bug. Of all of them: 10."""

pytestmark = [pytest.mark.slow, pytest.mark.daily]


@cache
def explored(seed: int) -> dict[str, Said]:
    return shared(seed, [program.name for program in BUGGY])


def shown(program: Program) -> list[Shown | None]:
    """Its most visible failure, with each seed; None where it was not found."""
    wanted = program.expected[0]
    return [
        next((one for one in explored(seed)[program.name].failures if wanted.met_by(one)), None)
        for seed in SEEDS
    ]


def numbers(program: Program) -> list[int]:
    return [one.number + 1 for one in shown(program) if one is not None]


@pytest.mark.parametrize("program", BUGGY, ids=lambda program: program.name)
def test_found_with_every_seed(program: Program) -> None:
    assert [seed for seed, one in zip(SEEDS, shown(program), strict=True) if one is None] == []


@pytest.mark.parametrize("program", BUGGY, ids=lambda program: program.name)
def test_found_in_few_schedules(program: Program) -> None:
    assert statistics.median(numbers(program)) <= SCHEDULES


def test_mostly_no_switch_is_left_that_is_not_needed() -> None:
    pairs = [(one, program.expected[0]) for program in BUGGY for one in shown(program)]
    least = [one.switches <= known.switches for one, known in pairs if one is not None]
    assert statistics.mean(least) >= 0.9


def test_most_are_found_at_once() -> None:
    assert statistics.median(n for program in BUGGY for n in numbers(program)) <= 10


@pytest.mark.parametrize("program", BUGGY, ids=lambda program: program.name)
def test_few_switches_are_left_and_it_replays(program: Program) -> None:
    for one in shown(program):
        assert one is None or one.switches <= 2
        assert one is None or one.replayed == one.replays == 10
