"""What is cut into shares, what comes back of them, and what their sum says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import STRATEGIES, Plan
from racecheck.explore.jobs.legs import Hit, Leg, added
from racecheck.explore.jobs.shares import BEYOND_RACE, LEAST, Share, cut, planned
from racecheck.explore.outcome import ASSERTION, RACE, Failure
from tests.explore.machine import ends
from tests.explore.toys import check_then_act


def hit(number: int, kind: str = ASSERTION) -> Hit:
    failure = Failure(kind, f"{kind} {number}", "x.py:1")
    return Hit(failure.mark, failure, number, "pos", Schedule())


def whole(shares: Iterable[Share]) -> list[tuple[str, int, int]]:
    return [(one.kind, one.seed, one.count) for one in shares]


@pytest.mark.parametrize("kind", ["pos", "random", "pct"])
def test_shares_do_what_one_strategy_does(kind: str) -> None:
    share = Share(kind, 60, seed=5, depth=2)
    one = list(ends(check_then_act, share.strategy()))
    parts = [list(ends(check_then_act, part.strategy())) for part in cut([share], 6, 60)]
    assert [len(part) for part in parts] == [25, 25, 10]
    same = sum(a == b for a, b in zip(one, chain(*parts), strict=True))
    # Why not all: PCT learns how long runs are from those before, and is told a guess instead.
    assert same == 60 if kind != "pct" else same > 50


@given(
    st.sampled_from(STRATEGIES),
    st.integers(1, 5000),
    st.integers(0, 100),
    st.integers(0, 5000),
)
def test_nothing_is_left_out_and_nothing_done_twice(
    strategy: str, schedules: int, decisions: int, left: int
) -> None:
    plan = Plan(strategy, schedules)
    shares = list(planned(plan, decisions))
    parts = list(cut(shares, decisions, left))
    assert sum(one.count for one in parts) == min(left, sum(one.count for one in shares))
    ranges: dict[tuple[str, int, int], int] = {}
    for part in parts:
        if part.kind != "dfs":
            key = part.kind, part.seed, part.depth
            assert part.first == ranges.get(key, 0)
            ranges[key] = part.first + part.count
    assert all(one.most >= one.count > 0 for one in parts)


def test_many_schedules_make_larger_shares() -> None:
    few = list(cut([Share("pos", 2 * LEAST)], 0, 10**6))
    many = list(cut([Share("pos", 10_000)], 0, 10**6))
    assert len(few) == 2
    assert len(many) == 16


def test_legs_are_numbered_one_after_another() -> None:
    first = Leg(runs=5, hits=(hit(0, RACE),), failing=(0, 1))
    second = Leg(runs=4, failing=(2,), limits={3: "steps"}, away=(1,), threads=3, decisions=9)
    third = Leg(runs=4, hits=(hit(0, RACE), hit(2)), failing=(2, 3), complete=True)
    pos, dfs = Share("pos", 4), Share("dfs", 4)
    found = added(added(first, second, pos, 100), third, dfs, 100)
    assert found.runs == 13
    assert found.failing == (0, 1, 7, 11, 12)
    assert [one.number for one in found.hits] == [0, 11]
    assert found.limits == {8: "steps"}
    assert found.away == (6,)
    assert (found.threads, found.decisions) == (3, 9)
    assert [(one.name, one.schedules) for one in found.tried] == [("pos", 4), ("dfs", 4)]
    assert found.complete


def test_what_lies_beyond_a_bound_is_not_counted() -> None:
    leg = Leg(runs=9, hits=(hit(2), hit(7)), failing=(2, 7), away=(8,), complete=True)
    found = added(Leg(runs=1), leg, Share("dfs", 9), 5)
    assert (found.runs, found.failing, found.away, found.complete) == (6, (3,), (), False)
    assert len(found.hits) == 1


def test_how_much_is_left() -> None:
    assert Leg(runs=5).left(200, False) == 195
    assert Leg(runs=5).left(3, False) == 0
    assert Leg(runs=5, complete=True).left(200, True) == 0
    assert Leg(runs=5, hits=(hit(4),)).left(200, False) == 0
    assert Leg(runs=5, hits=(hit(4),)).left(200, True) == 195
    raced = Leg(runs=5, hits=(hit(4, RACE),))
    assert raced.left(200, False) == BEYOND_RACE
    assert raced.left(200, True) == 195
