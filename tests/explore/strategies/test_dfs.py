"""Depth first, against all interleavings that there are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecheck.explore.recording import Recording
from racecheck.explore.strategies.base import Decision
from racecheck.explore.strategies.dfs import DepthFirst
from tests.explore.machine import End, Machine, Program, brute, ends, once
from tests.explore.toys import BUGS, listed, locked, main_of, picking, spinning

ENOUGH = 1500
"""Interleavings above which a program is too large to be tried out."""

LONG = 30
"""Steps above which a run is ended: it waits for ever."""

Rows = list[list[tuple[str, str]]]


def all_ends(program: Program, coarse: bool = False) -> tuple[set[End], int] | None:
    found: set[End] = set()
    count = 0
    for count, end in enumerate(brute(program, LONG, coarse), 1):
        found.add(end)
        if count == ENOUGH:
            return None
    return found, count


def searched(program: Program, coarse: bool = False, **options: int) -> tuple[set[End], int]:
    search = DepthFirst(**options)
    runs = [*ends(program, search, LONG, coarse)]
    assert search.complete
    assert search.diverged == 0
    assert search.pruned == runs.count(None)
    return {end for end in runs if end}, len(runs)


def balanced(row: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each lock is taken once and given back: where the row says so, or at the end."""
    held: list[str] = []
    taken: set[str] = set()
    found = []
    for kind, name in row:
        if kind == "acquire" and name not in taken:
            held.append(name)
            taken.add(name)
        elif kind == "acquire":
            continue
        elif kind == "release":
            if not held:
                continue
            name = held.pop()
        found.append((kind, name))
    return [*found, *(("release", name) for name in reversed(held))]


ops = st.one_of(
    st.tuples(st.sampled_from(["read", "write"]), st.sampled_from("xy")),
    st.tuples(st.sampled_from(["acquire", "acquire", "release"]), st.sampled_from("LM")),
    st.tuples(st.sampled_from(["wait", "unknown", "ask", "spin"]), st.sampled_from("xy")),
    st.tuples(st.just("wait_any"), st.sampled_from(["xy", "xs"])),
    st.tuples(st.sampled_from(["give", "take"]), st.just("s")),
)
rows = st.lists(ops, min_size=1, max_size=3).map(balanced).filter(bool)
small = st.lists(rows, min_size=2, max_size=2)
larger = st.lists(rows, min_size=2, max_size=3)


@settings(max_examples=40, deadline=None)
@given(small, st.booleans())
def test_all_ends_are_found(program: Rows, coarse: bool) -> None:
    wanted = all_ends(listed(*program), coarse)
    if wanted is not None and not any(end.failure == "endless" for end in wanted[0]):
        assert searched(listed(*program), coarse)[0] == wanted[0]


@settings(max_examples=20, deadline=None)
@given(larger, st.booleans())
def test_going_only_where_a_race_asks_for_it_finds_as_much(program: Rows, coarse: bool) -> None:
    """With a bound that cuts nothing all branches are searched: sleep sets alone."""
    if sum(map(len, program)) <= 6:
        plain = searched(listed(*program), coarse, bound=1000, depth=1000)[0]
        # Why not: a run that never ends is cut somewhere, and such a search is not complete.
        if not any(end.failure == "endless" for end in plain):
            assert searched(listed(*program), coarse)[0] == plain


@pytest.mark.parametrize(
    "program",
    [
        [["write x", "read y", "read y"], ["read y"], ["write x", "write y"]],
        [["read y", "write x", "write x"], ["read y", "read x", "read x"], ["write y"]],
        [["read y", "write y"], ["read x", "read y"], ["read y"]],
        [["write x", "ask x"], ["give s"], ["ask y", "read x"]],
        [["write x", "read x", "write x"], ["read x"], ["read x", "read x"]],
    ],
)
def test_what_simpler_reductions_got_wrong(program: list[list[str]]) -> None:
    """Persistent sets by Flanagan and Godefroid's rule with sleep sets lose orders here."""
    made = listed(*([(kind, name) for kind, name in map(str.split, row)] for row in program))
    plain = searched(made, bound=1000)[0]
    assert searched(made)[0] == plain


def test_how_many_fewer(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the bugs and one right program; those too large to be tried out count as `ENOUGH`."""
    total, fewer = 0, 0
    for name, program in {**BUGS, "locked": locked}.items():
        known = all_ends(program, coarse=True)
        found, count = searched(program, coarse=True)
        if known is not None:
            assert found == known[0]
        interleavings = known[1] if known else ENOUGH
        print(f"{name}: {count} schedules for {interleavings}{'' if known else ' and more'}")
        total, fewer = total + interleavings, fewer + count
    assert fewer * 50 < total
    with capsys.disabled():
        print(f" {fewer} schedules for {total} interleavings", end=" ")


def test_the_bound_cuts_and_says_so() -> None:
    for bound, fails in ((0, False), (1, True), (2, True)):
        search = DepthFirst(bound=bound)
        recording = Recording(search)
        found = set()
        for end in ends(BUGS["lost update"], recording):
            assert recording.forced <= bound
            found.add(end.failure if end else "")
        assert (found != {""}) == fails
        assert not search.complete
    assert searched(BUGS["lost update"], bound=9)[0] == searched(BUGS["lost update"])[0]


@settings(max_examples=20, deadline=None)
@given(small, st.integers(0, 2))
def test_within_the_bound_nothing_is_lost(program: Rows, bound: int) -> None:
    """All ends that some interleaving with so few preemptions has."""
    made = listed(*program)
    if any(kind == "spin" for row in program for kind, _ in row):
        return  # Being left out for a decision is no preemption: another count.
    search = DepthFirst(bound=bound)
    found = {end for end in ends(made, search) if end}
    whole = searched(made)[0]
    assert found <= whole
    assert found == whole or not search.complete
    assert found >= {end for end, forced in unreduced(made) if forced <= bound}


def unreduced(program: Program) -> Iterator[tuple[End, int]]:
    """Ends of random runs, with their preemptions."""

    class Anybody:
        name = "anybody"

        def __init__(self) -> None:
            self.random = Random(1)

        def begin(self) -> bool:
            return True

        def number(self, limit: int) -> int:
            return 0

        def choose(self, decision: Decision):  # type: ignore[no-untyped-def]
            if decision.agent in decision.enabled and self.random.random() < 0.7:
                return decision.agent
            return self.random.choice(decision.enabled)

    recording = Recording(Anybody())
    for _ in range(150):
        recording.begin()
        end = once(program, recording)
        assert end
        yield end, recording.forced


def test_other_choices_are_branches_too() -> None:
    found, _ = searched(picking)
    assert {end.failure for end in found} == {"", "0.1: the fourth one, late"}


def test_loops_that_wait_come_to_an_end() -> None:
    search = DepthFirst(schedules=500)
    assert {end.failure for end in ends(spinning, search) if end} == {""}
    assert search.complete


def test_too_deep_is_not_complete() -> None:
    search = DepthFirst(depth=4)
    assert len([*ends(BUGS["two locks"], search)]) >= 1
    assert not search.complete


def test_the_number_of_schedules_is_kept_to() -> None:
    search = DepthFirst(schedules=3)
    assert len([*ends(BUGS["two locks"], search)]) == 3
    assert not search.complete
    assert not search.begin()


def test_exactly_as_many_as_there_are_is_complete() -> None:
    count = searched(BUGS["lost update"])[1]
    search = DepthFirst(schedules=count)
    assert len([*ends(BUGS["lost update"], search)]) == count
    assert not search.complete or not search.begin()


def test_a_program_that_does_not_repeat_is_noticed() -> None:
    runs = 0

    def fickle(machine: Machine):  # type: ignore[no-untyped-def]
        nonlocal runs
        runs += 1
        times = 1 + runs % 3

        def body():  # type: ignore[no-untyped-def]
            for number in range(times):
                yield machine.write("x", number)._replace(place=f"{times}")

        return main_of(machine, body, body)

    search = DepthFirst(schedules=200)
    assert len([*ends(fickle, search)]) <= 200
    assert search.diverged > 0
    assert not search.complete
