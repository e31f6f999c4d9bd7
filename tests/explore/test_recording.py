"""What is kept of a run, and how two of them are compared."""

from __future__ import annotations

from collections.abc import Callable

from racecheck.core.schedule import Pick, Schedule, Switch
from racecheck.explore.recording import Made, Recording, same
from racecheck.explore.strategies.dfs import DepthFirst
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.strategies.replay import Replay
from tests.explore.counting import Counting
from tests.explore.machine import Body, Machine, Program, ends, once
from tests.explore.toys import BUGS, lost_update, main_of, picking

LOST = Switch("0.1", "access add:32", 0, "0.2")


def recorded(program: Program, *switches: Switch) -> Recording:
    recording = Recording(Replay(Schedule(switches)))
    assert recording.begin()
    once(program, recording)
    return recording


class Told(Recording):
    """A recording of which the decisions are given."""

    def __init__(self, made: list[Made]) -> None:
        super().__init__(Replay(Schedule()))
        self._made = made

    @property
    def made(self) -> list[Made]:
        return self._made


def test_only_what_was_chosen_otherwise_is_kept() -> None:
    assert recorded(lost_update).schedule("t") == Schedule((), "t")
    recording = recorded(lost_update, LOST)
    assert recording.schedule("t") == Schedule((LOST,), "t")
    assert recording.schedule("t").switches[0].key == LOST.key
    assert recording.forced == 1
    assert recording.switches > recording.forced
    assert recording.name == "replay"


def test_numbers_are_kept_unless_they_are_nothing() -> None:
    recording = Recording(DepthFirst())
    found = {recording.schedule().picks for _ in ends(picking, recording)}
    assert found == {(), (Pick(0, 1),), (Pick(0, 2),), (Pick(0, 3),)}


def test_a_new_schedule_forgets_the_one_before() -> None:
    recording = Recording(RandomWalk(3, 2))
    lengths = [len(recording.made) for _ in ends(lost_update, recording)]
    assert max(lengths) < 20


def test_counting() -> None:
    counting = Counting(RandomWalk(1, 10))
    recording = Recording(counting)
    forced = sum(recording.forced for _ in ends(BUGS["three locks"], recording))
    assert counting.name == "random"
    assert counting.schedules == 10
    assert counting.preemptions == forced
    assert counting.widest == 3
    assert counting.steps > counting.decisions > counting.preemptions
    assert counting.decisions >= counting.longest > counting.decisions / 10


def test_counting_and_recording_let_a_search_give_up() -> None:
    counting = Counting(Recording(DepthFirst()))
    assert None in {*ends(BUGS["three locks"], counting)}


def test_two_runs_of_one_schedule_are_alike() -> None:
    for name, program in BUGS.items():
        assert same(recorded(program), recorded(program)) is None, name


def fickle(*tables: list[str]) -> tuple[Recording, Recording]:
    """Two runs of a program that goes by another table each time."""
    runs = iter(tables)

    def program(machine: Machine) -> Callable[[], Body]:
        table = next(runs)

        def body() -> Body:
            for place in table:
                yield machine.write("x", 1)._replace(place=place)

        return main_of(machine, body)

    return recorded(program), recorded(program)


def test_what_was_different_is_said_in_one_line() -> None:
    said = same(*fickle(["a:1", "a:2"], ["a:1", "a:3"]))
    assert said == (
        "at step 5 0.1 stood before 'access a:2'; the second time 0.1 stood before 'access a:3'"
    )
    said = same(*fickle(["a:1"], ["a:1", "a:1"]))
    assert said is not None
    assert "the second time 0.1 stood before 'access a:1', met 1 times before" in said
    assert "\n" not in said


def test_other_choices_are_said_as_well() -> None:
    one, other = recorded(lost_update), recorded(lost_update, LOST)
    said = same(one, other)
    assert said is not None
    assert "0.1 went on, the second time 0.2, while 0.1 stood before 'access add:32'" in said
    assert "the first run goes on after step" in (same(one, Told(one.made[:-1])) or "")
    assert "the second run goes on after step" in (same(Told(one.made[:-1]), one) or "")
    told = Told(one.made)
    told.numbers = [1]
    assert "choices" in (same(one, told) or "")


def test_who_could_go_on_is_compared() -> None:
    one = recorded(lost_update)
    made = one.made
    made[3] = made[3]._replace(enabled=("0.1",))
    assert "0.2 could go on the first time only, while" in (same(one, Told(made)) or "")
    assert "0.2 could go on the second time only, while" in (same(Told(made), one) or "")
