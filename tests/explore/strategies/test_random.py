"""What is particular to strategies that draw."""

from __future__ import annotations

from collections import Counter

from racecheck.explore.strategies.chance import Chance
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.strategies.pos import POS
from racecheck.explore.strategies.random_walk import RandomWalk
from tests.explore.counting import Counting
from tests.explore.machine import ends
from tests.explore.toys import BUGS, listed


def test_chance_is_the_same_everywhere() -> None:
    chance = Chance(7, 3)
    assert [chance.below(1000) for _ in range(6)] == [903, 97, 278, 623, 990, 785]
    assert Chance(7, 3).fraction() == 0.9036635725473916


def test_chance_is_even() -> None:
    chance = Chance(1)
    counts = Counter(chance.below(5) for _ in range(5000))
    assert all(900 < counts[value] < 1100 for value in range(5))
    assert 0.48 < sum(chance.fraction() for _ in range(5000)) / 5000 < 0.52
    assert len({Chance(seed, stream).below(1 << 60) for seed in range(50) for stream in range(50)})


def test_pct_learns_how_long_runs_are() -> None:
    counting = Counting(PCT(3, seed=1, schedules=30))
    strategy = counting.inner
    assert isinstance(strategy, PCT)
    assert {*ends(BUGS["check then act"], counting)}
    assert strategy.steps == counting.longest
    assert strategy.odds == 3 * strategy.steps**2


def test_pct_meets_no_bug_that_is_deeper() -> None:
    """Without a moment of change, whoever has begun to add goes on until it has added."""
    failures = {end.failure for end in ends(BUGS["lost update"], PCT(1, schedules=300)) if end}
    assert failures == {""}
    failures = {end.failure for end in ends(BUGS["lost update"], PCT(2, schedules=300)) if end}
    assert len(failures) == 2


def test_pos_meets_rare_orders_more_evenly_than_a_walk() -> None:
    """One step of an agent against many of another that have nothing to do with it but the last."""
    program = listed(
        [*(("read", "own") for _ in range(8)), ("write", "x")], [("write", "x"), ("read", "x")]
    )

    def rarest(strategy: POS | RandomWalk) -> int:
        counts = Counter(end for end in ends(program, strategy))
        return min(counts.values()) if len(counts) == 3 else 0

    walk = sum(rarest(RandomWalk(seed, 200)) for seed in range(5))
    sampled = sum(rarest(POS(seed, 200)) for seed in range(5))
    assert sampled > walk
