"""From a finding to sites: which of its lines are sides, and who must be where at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from racecheck.bridge.targets import CIRCLE, MEET, STALE, Case, case_of
from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from racecheck.explore.confirming.notes import Notes
from racecheck.explore.outcome import DEADLOCK, RACE, Blocked, Failure
from racecheck.runtime.sites import VALUE, Access, Mode, Role, Root, Site, What

HERE = "bank/ledger.py"


def side(role: str, line: int, *, end: int = 0, held: tuple[str, ...] = ()) -> Step:
    return Step(role, Place(HERE, line, 5, end), held=held)


def finding(code: str, subject: str, *steps: Step) -> Finding:
    place = steps[0].place if steps else Place(HERE, 1)
    return Finding(
        code, "n", subject, "m", place, Confidence.LIKELY, Severity.ERROR, steps, context="f"
    )


def case(code: str, subject: str, *steps: Step) -> Case:
    found = case_of(finding(code, subject, *steps))
    assert found is not None
    return found


def site(number: int, line: int, *names: str, last: int = 0, after: bool = False) -> Site:
    accesses = tuple(
        Access(0, (), What.ATTRIBUTE, name, Mode.UPDATE, Role.UPDATE, last or line, name)
        for name in names
    )
    path = os.path.abspath(HERE)  # noqa: PTH100
    return Site(number, path, "f", line, (Root(VALUE, "self"),), accesses, after)


def notes(*met: tuple[Site, str], keys: tuple[tuple[str, str], ...] = ()) -> Notes:
    """Sites and operations, each with the paths of the agents there."""
    found = Notes()
    for one, paths in met:
        found.sites[one.number] = one
        found.at[one.number] |= set(paths.split())
        for path in paths.split():
            found.trails[path].append(one.number)
    for key, paths in keys:
        found.keys[key] |= set(paths.split())
    return found


@pytest.mark.parametrize(
    ("code", "kind"), [("RC101", MEET), ("RC115", MEET), ("RC214", STALE), ("RC309", CIRCLE)]
)
def test_kinds(code: str, kind: str) -> None:
    assert case(code, "Ledger.balance", side("update", 3)).kind == kind


@pytest.mark.parametrize("code", ["RC304", "RC402", "RC433", "RC501"])
def test_what_is_no_matter_of_order(code: str) -> None:
    assert case_of(finding(code, "x", side("read", 3))) is None


def test_a_finding_without_places() -> None:
    assert case_of(finding("RC101", "Ledger.balance")) is None


def test_steps_that_are_no_sides() -> None:
    found = case(
        "RC309",
        "A._lock, B._lock",
        side("call", 1, held=("A",)),
        side("acquire", 2, held=("A",)),
        side("acquire", 3),
        side("acquire", 4, held=("B",)),
    )
    assert [one.line for one in found.sides] == [2, 4]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Ledger.balance", "balance"),
        ("Ledger.balance['a.b']", "balance"),
        ("count", "count"),
        ("A._lock, B._lock", ""),
    ],
)
def test_the_name_of_what_it_is_about(subject: str, name: str) -> None:
    assert case("RC101", subject, side("update", 3)).name == name


def test_both_stand_before_one_place() -> None:
    reached = case("RC106", "Ledger.balance", side("update", 3)).reach(
        notes((site(1, 3, "balance"), "0.1 0.2"))
    )
    (target,) = reached.targets()
    assert target.stops == (f"access {HERE}:3", f"access {HERE}:3")
    assert reached.points == {1}


def test_a_statement_of_several_lines() -> None:
    """The side is on its second line, and the site where it begins."""
    reached = case("RC106", "Ledger.balance", side("update", 4)).reach(
        notes((site(1, 3, "balance", last=4), "0.1 0.2"))
    )
    assert [target.stops[0] for target in reached.targets()] == [f"access {HERE}:3"]


def test_a_side_of_several_lines() -> None:
    reached = case("RC106", "Ledger.balance", side("update", 3, end=5)).reach(
        notes((site(1, 5, "balance"), "0.1 0.2"))
    )
    assert reached.points == {1}


def test_of_several_sites_on_a_line_the_one_that_touches_it() -> None:
    reached = case("RC106", "Ledger.balance", side("update", 3)).reach(
        notes((site(1, 3, "history"), "0.1 0.2"), (site(2, 3, "balance"), "0.1 0.2"))
    )
    assert reached.points == {2}


def test_reads_do_not_race() -> None:
    found = case("RC101", "Ledger.balance", side("read", 3), side("update", 5))
    reached = found.reach(notes((site(1, 3, "balance"), "0.1 0.2"), (site(2, 5, "balance"), "")))
    assert not reached.targets()
    assert reached.absent == f"nobody reaches {HERE}:5 while other threads run"


def test_one_agent_is_no_race() -> None:
    found = case("RC106", "Ledger.balance", side("update", 3))
    assert found.reach(notes((site(1, 3, "balance"), "0.1"))).absent == (
        f"no two threads reach {HERE}:3"
    )


def test_a_site_that_is_told_late() -> None:
    late = site(1, 3, "balance", after=True)
    found = case("RC106", "Ledger.balance", side("update", 3))
    told = found.reach(notes((late, "0.1 0.2")))
    assert told.targets()[0].stops[0] == f"accessed {HERE}:3"
    key = f"coming {HERE}:3"
    coming = found.reach(notes((late, "0.1 0.2"), keys=((key, "0.1 0.2"),)))
    assert coming.targets()[0].stops[0] == key


def test_between_a_check_and_its_act() -> None:
    """Whoever has checked is to be held before the lock under which it acts."""
    seen = Notes()
    for one in (site(1, 3, "balance"), site(2, 5, "balance")):
        seen.sites[one.number] = one
    lock = f"acquire {HERE}:4"
    for path in ("0.1", "0.2"):
        seen.trails[path] = [f"acquire {HERE}:2", 1, lock, 2]
        seen.keys[lock].add(path)
        seen.at[1].add(path)
        seen.at[2].add(path)
    found = case("RC214", "Ledger.balance", side("check", 3), side("act", 5))
    assert found.reach(seen).targets()[0].stops == (lock, lock)


def test_each_before_its_second_lock() -> None:
    found = case("RC309", "a, b", side("acquire", 3, held=("a",)), side("acquire", 6, held=("b",)))
    one, other = f"acquire {HERE}:3", f"acquire {HERE}:6"
    reached = found.reach(notes(keys=((one, "0.1"), (other, "0.2"))))
    assert [target.stops for target in reached.targets()] == [(one, other)]
    assert not found.reach(notes(keys=((one, "0.1"), (other, "0.1")))).targets()


def test_the_same_place_twice() -> None:
    found = case("RC310", "Ledger._lock", side("acquire", 3, held=("a",)), side("acquire", 2))
    one = f"acquire {HERE}:3"
    reached = found.reach(notes(keys=((one, "0.1 0.2"),)))
    assert [target.stops for target in reached.targets()] == [(one, one)]


def race(code: str, subject: str, *lines: int) -> Failure:
    found = finding(code, subject, *(side("update", line) for line in lines))
    return Failure(RACE, "text", findings=(found,))


def test_which_races_are_meant() -> None:
    found = case("RC101", "Ledger.balance", side("update", 3), side("check", 7))
    assert found.shown_by(race("RC101", "Ledger.balance", 3, 7))
    assert found.shown_by(race("RC101", "Ledger.balance", 3, 3))
    assert found.shown_by(race("RC214", "Ledger.balance", 9, 3))
    assert not found.shown_by(race("RC101", "Ledger.balance", 9, 7))
    assert not found.shown_by(race("RC101", "Ledger.history", 3, 7))
    assert not found.shown_by(race("RC115", "Ledger.balance", 9, 3))
    assert not found.shown_by(Failure("exception", "ValueError", f"{HERE}:3"))


def test_which_deadlocks_are_meant() -> None:
    found = case("RC309", "a, b", side("acquire", 3, held=("a",)), side("acquire", 6, held=("b",)))

    def stuck(*lines: int) -> Failure:
        waits = [Blocked(f"0.{n}", "t", f"{HERE}:{n}", "lock", "a lock") for n in lines]
        return Failure(DEADLOCK, "t", blocked=(*waits, Blocked("0", "m", "t.py:1", "join", "t")))

    assert found.shown_by(stuck(3, 6))
    assert not found.shown_by(stuck(3))
    assert not found.shown_by(stuck(3, 8))


def test_paths_are_compared_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved result may have been written with other paths to the same file."""
    step = Step("update", Place(os.path.abspath(HERE), 3, 1))  # noqa: PTH100
    found = case_of(finding("RC106", "Ledger.balance", step))
    assert found is not None
    assert found.reach(notes((site(1, 3, "balance"), "0.1 0.2"))).points == {1}
