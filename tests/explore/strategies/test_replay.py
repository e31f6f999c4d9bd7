"""Schedules are followed where they fit, and nowhere else."""

from __future__ import annotations

from racecheck.core.schedule import ANY, Pick, Schedule, Switch
from racecheck.explore.recording import Recording
from racecheck.explore.strategies.replay import Replay
from tests.explore.machine import once
from tests.explore.toys import lost_update, picking

STAND = "access add:32"
LOST = Switch("0.1", STAND, 0, "0.2")


def replayed(*switches: Switch) -> tuple[str, Replay, Recording]:
    replay = Replay(Schedule(switches))
    recording = Recording(replay)
    assert recording.begin()
    end = once(lost_update, recording)
    assert end
    return end.failure, replay, recording


def test_one_forced_switch_loses_an_update() -> None:
    failure, replay, recording = replayed(LOST)
    assert failure == "0: n is 1"
    assert replay.met == (LOST,)
    assert replay.missed == ()
    assert recording.forced == 1


def test_a_token_does_as_much() -> None:
    again = Schedule.parse(Schedule((LOST,)).token)
    assert replayed(*again.switches)[0] == "0: n is 1"


def test_whoever_is_other_will_do() -> None:
    failure, _, recording = replayed(Switch("0.1", STAND, 0, ANY))
    assert failure == "0: n is 1"
    assert recording.schedule().switches[0].to == "0.2"


def test_what_does_not_fit_is_missed_and_does_no_harm() -> None:
    wrong = (
        Switch("0.1", STAND, 7, "0.2"),
        Switch("0.1", "access elsewhere:1", 0, "0.2"),
        Switch("0.1", STAND, 0, "0.9"),
        Switch("0.7", STAND, 0, "0.2"),
    )
    failure, replay, recording = replayed(*wrong)
    assert failure == ""
    assert replay.met == ()
    assert replay.missed == wrong
    assert recording.schedule() == Schedule()


def test_numbers_are_part_of_it() -> None:
    late = Switch("0.1", "access pick:153", 0, "0.2")
    replay = Replay(Schedule((late,), "", (Pick(0, 3),)))
    assert replay.begin()
    end = once(picking, replay)
    assert end
    assert end.failure == "0.1: the fourth one, late"
    assert Replay(Schedule((), "", (Pick(0, 9),))).number(4) == 0


def test_as_often_as_asked_for() -> None:
    replay = Replay(Schedule((LOST,)), times=2)
    assert [replay.begin(), replay.begin(), replay.begin()] == [True, True, False]
