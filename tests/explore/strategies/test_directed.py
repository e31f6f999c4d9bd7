"""Agents are made to meet where they are told to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from racecheck.explore.recording import Recording
from racecheck.explore.strategies.directed import Directed, Target
from tests.explore.machine import Body, Machine, Program, ends
from tests.explore.toys import (
    BUGS,
    abba,
    gate,
    in_a_loop,
    locked,
    lost_update,
    main_of,
    order_violation,
)


def places(program: Program) -> list[str]:
    """Keys of what agents do, one after another."""
    recording = Recording(Directed([Target("", ("nowhere",))]))
    recording.begin()
    machine = Machine()
    machine.run(program(machine), recording)
    return list(dict.fromkeys(made.key for made in recording.made))


def aimed(program: Program, *stops: str, coarse: bool = True) -> tuple[bool, list[str]]:
    strategy = Directed([Target("t", stops)])
    found = [end.failure for end in ends(program, strategy, 400, coarse) if end]
    return strategy.met["t"], found


PAIRS = {
    "lost update": ("access add:31", "access add:32"),
    "check then act": ("access withdraw:41", "access withdraw:46"),
    "two locks": (
        "acquire ('a', 'b'):acquire b",
        "acquire ('b', 'a'):acquire a",
    ),
    "three locks": (
        "acquire ('a', 'b'):acquire b",
        "acquire ('b', 'c'):acquire c",
        "acquire ('c', 'a'):acquire a",
    ),
    "order violation": ("access use:79", "access set_up:76"),
}


@pytest.mark.parametrize("name", BUGS)
@pytest.mark.parametrize("coarse", [False, True])
def test_every_bug_is_met_by_the_first_schedule(name: str, coarse: bool) -> None:
    assert set(PAIRS[name]) <= set(places(BUGS[name]))
    met, found = aimed(BUGS[name], *PAIRS[name], coarse=coarse)
    assert met
    assert found[0] != ""


def test_roles_are_exchanged() -> None:
    for stops in (("access use:79", "access set_up:76"), ("access set_up:76", "access use:79")):
        met, found = aimed(order_violation, *stops)
        assert met
        assert sorted(found) == ["", "0.2: not ready"]


def test_one_place_twice() -> None:
    met, found = aimed(lost_update, "access add:32", "access add:32")
    assert met
    assert found[0] == "0: n is 1"


@pytest.mark.parametrize(
    ("program", "stops"),
    [
        (locked, ("access add:88", "access add:89")),
        (locked, ("access add:89", "access add:89")),
        (
            gate,
            (
                "acquire ('gate', 'a', 'b'):acquire b",
                "acquire ('gate', 'b', 'a'):acquire a",
            ),
        ),
    ],
)
def test_what_something_orders_is_not_met(program: Program, stops: tuple[str, ...]) -> None:
    assert set(stops) <= set(places(program))
    met, found = aimed(program, *stops)
    assert not met
    assert set(found) == {""}


def test_places_that_nobody_comes_to() -> None:
    strategy = Directed([Target("t", ("access add:32", "access x:1")), Target("u", ("y",))])
    assert set(ends(lost_update, strategy))
    assert strategy.met == {"t": False, "u": False}
    assert strategy.seen == {"t": {"access add:32"}, "u": set()}


def test_two_accounts_do_not_meet_at_one_place() -> None:
    """Both stand at the same line, but with different objects in hand."""

    def two(machine: Machine) -> Callable[[], Body]:
        def add(name: str) -> Callable[[], Body]:
            def body() -> Body:
                yield machine.write(name, 1)._replace(place="add")

            return body

        return main_of(machine, add("x"), add("y"))

    assert aimed(two, "access add", "access add")[0] is False


def test_a_third_one_between_does_not_mislead() -> None:
    """The first two that stand before their second lock want nothing of each other."""

    def three(machine: Machine) -> Callable[[], Body]:
        def move(*names: str) -> Callable[[], Body]:
            def body() -> Body:
                for number, name in enumerate(names):
                    yield machine.acquire(name)._replace(place=f"lock {number}")
                for name in names:
                    yield machine.release(name)

            return body

        return main_of(machine, move("a", "b"), move("c", "d"), move("b", "a"))

    met, found = aimed(three, "acquire lock 1", "acquire lock 1")
    assert met
    assert found[0].startswith("deadlock")


def test_later_visits_have_their_turn() -> None:
    met, found = aimed(in_a_loop, "access adding:134", "access late:139")
    assert met
    assert any(found)


def test_the_other_half_of_an_inversion_alone() -> None:
    met, found = aimed(abba, "acquire ('a', 'b'):acquire b", "acquire ('a', 'b'):acquire a")
    assert not met
    assert set(found) == {""}
    assert len(found) <= 12
