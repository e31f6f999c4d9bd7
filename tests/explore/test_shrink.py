"""Schedules become short, within a number of runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecheck.core.schedule import ANY, Pick, Schedule, Switch
from racecheck.explore.recording import Recording
from racecheck.explore.shrink import shrink
from racecheck.explore.strategies.base import Strategy
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.strategies.replay import Replay
from tests.explore.machine import ends, once
from tests.explore.toys import BUGS


def switch(number: int, nth: int = 0, to: str = "0.2") -> Switch:
    return Switch("0.1", f"access x.py:{number}", nth, to)


LONG = Schedule(tuple(switch(number) for number in range(12)), "t", (Pick(0, 1), Pick(3, 2)))


def needing(*parts: Switch | Pick):  # type: ignore[no-untyped-def]
    """Fails if all of these are there; `ran` counts."""

    def fails(schedule: Schedule) -> bool:
        fails.ran += 1  # type: ignore[attr-defined]
        there = {*schedule.switches, *schedule.picks}
        return all(part in there for part in parts)

    fails.ran = 0  # type: ignore[attr-defined]
    return fails


@settings(deadline=None)
@given(st.sets(st.integers(0, 13), max_size=4))
def test_what_is_needed_is_left(wanted: set[int]) -> None:
    parts = [(*LONG.switches, *LONG.picks)[at] for at in sorted(wanted)]
    fails = needing(*parts)
    found = shrink(LONG, fails, 1000)
    assert [*found.schedule.switches, *found.schedule.picks] == parts
    assert found.schedule.target == "t"
    assert found.tried == fails.ran


@settings(deadline=None)
@given(st.sets(st.integers(0, 13), max_size=5), st.integers(0, 30))
def test_never_more_runs_than_allowed(wanted: set[int], budget: int) -> None:
    parts = [(*LONG.switches, *LONG.picks)[at] for at in sorted(wanted)]
    fails = needing(*parts)
    found = shrink(LONG, fails, budget)
    assert found.tried == fails.ran <= budget
    assert fails(found.schedule)


def test_a_failure_that_needs_no_schedule() -> None:
    assert shrink(LONG, lambda _: True, 10) == (Schedule((), "t"), 1)
    assert shrink(Schedule(), lambda _: True, 10).tried == 0


def test_two_that_are_as_good_as_many() -> None:
    """Delta debugging stops at three of which none can be spared; two others do as well."""
    three, two = [switch(at) for at in (0, 5, 9)], [switch(at) for at in (2, 7)]

    def fails(schedule: Schedule) -> bool:
        there = set(schedule.switches)
        if there == set(LONG.switches) or there >= set(three):
            return True
        return there == set(two)

    assert shrink(LONG, fails, 500).schedule.switches == tuple(two)


def test_another_agent_is_tried_for_one_switch() -> None:
    direct = Switch("0.1", "access x.py:1", 0, "0.2")
    round_about = (Switch("0.1", "access x.py:1", 0, "0"), Switch("0", "start y.py:1", 0, "0.2"))
    both = Schedule(round_about)
    found = shrink(both, lambda schedule: schedule in (both, Schedule((direct,))), 100)
    assert found.schedule.switches == (direct,)


def test_earlier_and_to_anybody() -> None:
    late = Schedule((switch(1, nth=9),))

    def fails(schedule: Schedule) -> bool:
        return bool(schedule.switches) and schedule.switches[0].nth in (9, 4, 8)

    assert shrink(late, fails, 50).schedule.switches == (switch(1, nth=4, to=ANY),)


@pytest.mark.parametrize("name", BUGS)
def test_bugs_of_two_threads_need_two_switches_at_most(name: str) -> None:
    program, most, kept = BUGS[name], 0, set()
    for seed in range(10):
        strategies: list[Strategy] = [PCT(3, seed=seed), RandomWalk(seed)]
        for strategy in strategies:
            recording = Recording(strategy)
            failed = next(end for end in ends(program, recording) if end and end.failure)

            def fails(schedule: Schedule, wanted: str = failed.failure) -> bool:
                replay = Replay(schedule)
                assert replay.begin()
                end = once(program, replay)
                return end is not None and end.failure == wanted

            found = shrink(recording.schedule(), fails, 100)
            assert fails(found.schedule)
            assert fails(Schedule.parse(found.schedule.token))
            most = max(most, len(found.schedule.switches))
            kept.add(len(found.schedule.switches))
    assert most <= (5 if name == "three locks" else 2)
    assert min(kept) <= (2 if name == "three locks" else 1)
