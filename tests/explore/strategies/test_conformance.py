"""What every strategy keeps to, and how soon each finds the bugs of small programs."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from racecheck.core.schedule import Schedule
from racecheck.explore.recording import Recording
from racecheck.explore.strategies.base import Agent, Decision, Strategy
from racecheck.explore.strategies.dfs import DepthFirst
from racecheck.explore.strategies.directed import Directed, Target
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.strategies.pos import POS
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.strategies.replay import Replay
from tests.explore.counting import Counting
from tests.explore.machine import Program, ends, once
from tests.explore.toys import BUGS, RIGHT, gate, in_a_loop, picking, spinning_blindly

Make = Callable[[int], Strategy]

SEEDS = range(20)
MANY = 60
RANDOM: dict[str, Make] = {
    "random": lambda seed: RandomWalk(seed, MANY),
    "pct 2": lambda seed: PCT(2, seed=seed, schedules=MANY),
    "pct 3": lambda seed: PCT(3, seed=seed, schedules=MANY),
    "pos": lambda seed: POS(seed, MANY),
}
SOON = {
    "lost update": 8,
    "check then act": 4,
    "two locks": 12,
    "three locks": 50,
    "order violation": 4,
}
"""Schedules until the bug is met: the median of twenty seeds is not above."""

STEADY = Replay(Schedule())


def directed(_: int) -> Strategy:
    keys = ("access add:31", "access add:32")
    return Directed([Target("pair", keys), Target("nowhere", ("access x:1", "access y:2"))])


ALL: dict[str, Make] = {
    **RANDOM,
    "dfs": lambda _: DepthFirst(schedules=MANY),
    "bounded": lambda _: DepthFirst(bound=1, schedules=MANY),
    "directed": directed,
    "replay": lambda _: Replay(Schedule(), times=5),
    "recording": lambda seed: Recording(Counting(POS(seed, MANY))),
}
PROGRAMS: dict[str, Program] = {**BUGS, **RIGHT, "in a loop": in_a_loop, "picking": picking}

every_strategy = pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
every_bug = pytest.mark.parametrize("name", BUGS)


class Watching:
    """A strategy that is looked at: only enabled agents, and at most so many schedules."""

    def __init__(self, inner: Strategy) -> None:
        self.inner = inner
        self.name = inner.name
        self.trail: list[str] = []

    def begin(self) -> bool:
        self.trail.append("begin")
        return self.inner.begin()

    def choose(self, decision: Decision) -> Agent | None:
        chosen = self.inner.choose(decision)
        assert chosen is None or chosen in decision.enabled
        self.trail.append("" if chosen is None else chosen.path)
        return chosen

    def number(self, limit: int) -> int:
        value = self.inner.number(limit)
        assert 0 <= value < limit
        self.trail.append(str(value))
        return value


@every_strategy
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_chooses_who_can_go_on_comes_to_an_end_and_does_the_same_again(
    make: Make, program: Program
) -> None:
    one, other = Watching(make(3)), Watching(make(3))
    assert [*ends(program, one)] == [*ends(program, other)]
    assert one.trail == other.trail
    assert 1 < one.trail.count("begin") <= MANY + 1
    assert not one.inner.begin()


@every_strategy
@pytest.mark.parametrize("program", RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_never_fails(make: Make, program: Program) -> None:
    for coarse in (False, True):
        found = {end.failure for end in ends(program, make(1), 400, coarse) if end}
        assert found == {""}


@pytest.mark.parametrize("make", [*RANDOM.values()], ids=[*RANDOM])
def test_a_loop_that_only_waits_is_left_sooner_or_later(make: Make) -> None:
    found = [end.failure for end in ends(spinning_blindly, make(1), 4000) if end]
    assert set(found) == {""}


def first_failure(program: Program, strategy: Strategy) -> int:
    for count, end in enumerate(ends(program, strategy, 400, True), 1):
        if end and end.failure:
            return count
    return MANY + 1


@pytest.mark.parametrize("kind", RANDOM)
@every_bug
def test_bugs_are_met_soon(kind: str, name: str) -> None:
    found = [first_failure(BUGS[name], RANDOM[kind](seed)) for seed in SEEDS]
    assert median(found) <= SOON[name]


@every_bug
def test_depth_first_meets_every_bug(name: str) -> None:
    assert first_failure(BUGS[name], DepthFirst(schedules=MANY)) <= MANY
    assert first_failure(BUGS[name], DepthFirst(bound=2)) <= MANY


@pytest.mark.parametrize("kind", [*RANDOM, "dfs", "bounded"])
@pytest.mark.parametrize("name", [*BUGS, "picking"])
def test_every_failure_replays(kind: str, name: str) -> None:
    program = PROGRAMS[name]
    recording = Recording(ALL[kind](5))
    failures = 0
    for end in ends(program, recording):
        if end is None or not end.failure:
            continue
        failures += 1
        again = Schedule.parse(recording.schedule("a test").token)
        replay = Replay(again, times=2)
        assert [*ends(program, replay)] == [end, end]
        assert replay.missed == ()
    assert failures or name == "three locks"  # needs two preemptions


def test_nothing_is_wrong_by_default() -> None:
    for name, program in PROGRAMS.items():
        end = once(program, STEADY)
        assert end, name
        assert end.failure == "", name


def test_the_gate_holds_off_what_would_be_a_deadlock() -> None:
    search = DepthFirst()
    assert {end.failure for end in ends(gate, search) if end} == {""}
    assert search.complete
