"""Schedules and their one-line form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecheck.core.errors import ScheduleError
from racecheck.core.schedule import ANY, PREFIX, Pick, Schedule, Switch, mark

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
FORCED = Switch("0", "access bank/ledger.py:18", 0, "0.1")
ONE = Schedule((FORCED,), "tests/test_ledger.py::test_balance_never_goes_negative")

paths = st.lists(st.tuples(st.sampled_from("./"), st.integers(0, 300)), max_size=4).map(
    lambda steps: "0" + "".join(f"{kind}{number}" for kind, number in steps)
)
keys = st.one_of(st.sampled_from(["access a.py:1", "acquire a.py:2"]), st.text(max_size=20))
switches = st.builds(Switch, paths, keys, st.integers(0, 5000), st.one_of(st.just(ANY), paths))
schedules = st.builds(
    Schedule,
    st.lists(switches, max_size=6).map(tuple),
    st.one_of(st.just(""), st.text(max_size=30)),
    st.lists(st.builds(Pick, st.integers(0, 500), st.integers(1, 500)), max_size=3).map(tuple),
)


@settings(deadline=None)
@given(schedules)
def test_a_token_is_read_as_what_it_was_written_from(schedule: Schedule) -> None:
    again = Schedule.parse(schedule.token)
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert (again.token, again.name, again.aim) == (schedule.token, schedule.name, schedule.aim)
    assert again.belongs_to(schedule.target)


@settings(max_examples=60, deadline=None)
@given(schedules, st.data())
def test_one_wrong_letter_is_noticed(schedule: Schedule, data: st.DataObject) -> None:
    token = schedule.token
    at = data.draw(st.integers(len(PREFIX), len(token) - 1))
    for letter in set(ALPHABET) - {token[at]}:
        with pytest.raises(ScheduleError):
            Schedule.parse(token[:at] + letter + token[at + 1 :])


def test_the_form_never_changes() -> None:
    assert ONE.token == "rc1:AUTUJCYBADNLWXIGTA"
    assert ONE.name == "XQJVCC3Y"


def test_one_forced_switch_is_short() -> None:
    assert len(ONE.token) - len(PREFIX) <= 18
    far = Schedule((Switch("0", "acquire x.py:1", 60, "0.30"),), "t")
    assert len(far.token) - len(PREFIX) <= 24
    assert 7 <= len(ONE.name) <= 10


def test_an_operation_that_came_before_is_not_repeated() -> None:
    two = Schedule((FORCED, Switch("0.1", FORCED.key, 1, "0")))
    other = Schedule((FORCED, Switch("0.1", "access b.py:3", 1, "0")))
    assert len(two.token) < len(other.token)
    assert Schedule.parse(two.token) == two


def test_words_do_not_matter_for_equality() -> None:
    again = Schedule.parse(ONE.token)
    assert again == ONE
    assert again.switches[0].key == f"#{mark(FORCED.key):06X}"
    assert Schedule((Switch("0", "access a.py:2", 0, "0.1"),), ONE.target) != ONE
    assert Schedule(ONE.switches, "another test") != ONE


def test_a_schedule_belongs_to_its_target() -> None:
    again = Schedule.parse(ONE.token)
    assert again.belongs_to(ONE.target)
    assert not again.belongs_to("another test")
    assert Schedule(ONE.switches).belongs_to("another test")


def test_case_and_spaces_do_not_matter() -> None:
    assert Schedule.parse(f" {ONE.token.lower()}\n") == ONE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is no schedule: it does not begin with rc1:"),
        ("AUYDW6QB", "'AUYDW6QB' is no schedule: it does not begin with rc1:"),
        ("tests/t.py::test", "'tests/t.py::test' is no schedule: it does not begin with rc1:"),
        ("rc2:AUYDW6QB", "'rc2:AUYDW6QB' is of version rc2; this racecheck reads rc1"),
        ("rc1:", "'rc1:' is cut short or mistyped"),
        ("rc1:A", "'rc1:A' is cut short or mistyped"),
        ("rc1:AUYDW6QB", "'rc1:AUYDW6QB' is cut short or mistyped"),
        (ONE.token[:-1], f"'{ONE.token[:-1]}' is cut short or mistyped"),
        (ONE.token.replace("A", "0", 1), "mistyped: no schedule has a '0' in it"),
        (f"{ONE.token}AAA", "is mistyped: its last letters do not fit the others"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        Schedule.parse(text)
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


@settings(max_examples=60, deadline=None)
@given(schedules)
def test_a_token_cut_short_is_noticed(schedule: Schedule) -> None:
    """The number of switches comes first: what is left is never enough."""
    for length in range(len(schedule.token)):
        with pytest.raises(ScheduleError):
            Schedule.parse(schedule.token[:length])


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for form in (text, f"rc1:{text}"):
        try:
            found = Schedule.parse(form)
        except ScheduleError:
            continue
        assert Schedule.parse(found.token) == found


def test_a_path_that_is_none_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="not the path of an agent"):
        assert Schedule((Switch("main", "k", 0, "0"),)).token


@pytest.mark.parametrize(
    "place",
    [
        "/venv/lib/python3.13/site-packages/shop/cart.py:3",
        ".venv/lib/python3.11/site-packages/shop/cart.py:3",
        "/usr/lib/python3/dist-packages/shop/cart.py:3",
        "C:\\my v\\Lib\\site-packages\\shop\\cart.py:3",
        "shop/cart.py:3",
    ],
)
def test_a_place_in_a_library_is_the_same_wherever_it_is_installed(place: str) -> None:
    assert mark(f"access {place}") == mark("access shop/cart.py:3")
    assert mark(f"acquire {place}") != mark("access shop/cart.py:3")
