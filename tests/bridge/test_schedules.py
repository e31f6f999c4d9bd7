"""Schedules that failed: kept, found again, and taken out when they fail no more."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from racecheck.bridge.schedules import MOST, PATIENCE, Store, read
from racecheck.core.errors import ScheduleError
from racecheck.core.schedule import Pick, Schedule, Switch
from racecheck.explore.outcome import ASSERTION, Failure, Run
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Found, Verdict

TARGET = 'tests/test_bank.py::test_sum[ä "b" \\ \x7f]'
SCHEDULE = Schedule(
    (Switch("0.1", "access bank.py:18", 0, "0.2"), Switch("0.2", "acquire bank.py:20", 2, "")),
    TARGET,
    (Pick(3, 1),),
)

MISTYPED = SCHEDULE.token[:-6] + ("A" if SCHEDULE.token[-6] != "A" else "B") + SCHEDULE.token[-5:]


def found(schedule: Schedule = SCHEDULE, replayed: int = 10) -> Found:
    failure = Failure(ASSERTION, "AssertionError: -60 \ud800", "bank.py:29")
    run = Run(schedule, (failure,))
    return Found(failure, run, 3, "pct", schedule, run, replayed, 10)


def verdict(*failures: Found, outcome: str = "") -> Verdict:
    return Verdict(TARGET, outcome or (FAILS if failures else PASSES), failures)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def numbered(number: int) -> Schedule:
    return Schedule((Switch("0.1", "access bank.py:18", number, "0.2"),), TARGET)


def test_what_failed_is_kept_in_words(store: Store) -> None:
    store.settle(verdict(found()))
    data = tomllib.loads(store.path_of(SCHEDULE).read_text("utf-8"))
    assert data["target"] == TARGET
    assert data["schedule"] == SCHEDULE.token
    assert data["switch"][1] == {
        "agent": "0.2",
        "before": "acquire bank.py:20",
        "nth": 2,
        "to": "",
    }
    (saved,) = store.of(TARGET)
    assert saved.schedule == SCHEDULE
    assert saved.schedule.switches[0].key == "access bank.py:18"
    assert (saved.kind, saved.place, saved.passed) == (ASSERTION, "bank.py:29", 0)
    assert store.notes == []


def test_the_folder_keeps_itself_out_of_version_control(store: Store, tmp_path: Path) -> None:
    store.settle(verdict(found()))
    ignore = tmp_path / ".racecheck" / ".gitignore"
    assert ignore.read_text() == "*\n"
    ignore.write_text("")
    store.settle(verdict(found()))
    assert ignore.read_text() == ""
    assert sorted(path.suffix for path in store.folder.iterdir()) == [".toml"]


def test_what_needs_no_schedule_or_shows_nothing_again_is_not_kept(store: Store) -> None:
    store.settle(verdict(found(Schedule(target=TARGET)), found(replayed=0)))
    assert store.of(TARGET) == []
    assert not store.folder.exists()


def test_others_have_their_own(store: Store) -> None:
    store.settle(verdict(found()))
    assert store.of("another") == []


def test_the_youngest_comes_first_and_the_eldest_goes(store: Store) -> None:
    for number in range(MOST + 2):
        store.save(found(numbered(number)))
        os.utime(store.path_of(numbered(number)), ns=(number, number))
    store.settle(verdict(found(numbered(99))))
    kept = [saved.schedule for saved in store.of(TARGET)]
    assert len(kept) == MOST
    assert kept[:2] == [numbered(99), numbered(MOST + 1)]


def test_it_goes_when_its_test_has_passed_often_enough(store: Store) -> None:
    store.settle(verdict(found()))
    for passed in range(1, PATIENCE):
        store.settle(verdict())
        assert [saved.passed for saved in store.of(TARGET)] == [passed]
    store.settle(verdict(outcome=INCONCLUSIVE))
    assert len(store.of(TARGET)) == 1
    store.settle(verdict())
    assert store.of(TARGET) == []


def test_failing_again_starts_the_count_anew(store: Store) -> None:
    store.settle(verdict(found()))
    store.settle(verdict())
    store.settle(verdict(found()))
    assert [saved.passed for saved in store.of(TARGET)] == [0]


def test_a_token_a_name_and_a_path_stand_for_it(store: Store) -> None:
    store.settle(verdict(found()))
    path = store.path_of(SCHEDULE)
    for text in (SCHEDULE.token, SCHEDULE.name, SCHEDULE.name.lower(), str(path)):
        saved = store.get(text)
        assert (saved.schedule, saved.target) == (SCHEDULE, TARGET)
    other = numbered(7)
    assert store.get(other.token).schedule == other
    assert store.get(other.token).target == TARGET
    elsewhere = Schedule(other.switches, "another").token
    assert store.get(elsewhere).target == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rc1:", "cut short"),
        (SCHEDULE.token[:-2], "cut short"),
        (MISTYPED, "mistyped"),
        (SCHEDULE.token.replace("rc1", "rc9"), "is of version rc9"),
        ("QQQQQQQQ", "is no schedule"),
        ("no/such/file.toml", "is no schedule"),
    ],
)
def test_a_text_that_is_no_schedule(store: Store, text: str, said: str) -> None:
    with pytest.raises(ScheduleError) as error:
        store.get(text)
    assert said in error.value.message
    assert "\n" not in error.value.message


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.8, 0.97])
def test_a_file_that_is_cut_short(store: Store, part: float) -> None:
    store.settle(verdict(found()))
    path = store.path_of(SCHEDULE)
    text = path.read_text("utf-8")
    path.write_text(text[: int(len(text) * part)], "utf-8")
    with pytest.raises(ScheduleError, match="is cut short or damaged"):
        read(path)
    assert store.of(TARGET) == []
    assert "is cut short or damaged" in store.notes[0]
    assert path.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version = 1", "version = 2", "is of version 2; this racecheck reads 1"),
        ('before = "access', 'before = "release', "damaged"),
        ("nth = 2", 'nth = "two"', "damaged"),
        ("rc1:", "rc2:", "damaged"),
        ('kind = "assertion"\n', "", "damaged"),
    ],
)
def test_a_file_that_was_changed(store: Store, old: str, new: str, said: str) -> None:
    store.settle(verdict(found()))
    path = store.path_of(SCHEDULE)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ScheduleError, match=said) as error:
        store.get(SCHEDULE.token)
    assert str(path) in error.value.message
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScheduleError, match="damaged"):
        read(path)


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / ".racecheck").write_text("a file")
    store = Store(tmp_path)
    store.settle(verdict(found()))
    assert store.notes[0].startswith("schedules cannot be saved in")
    assert store.of(TARGET) == []
