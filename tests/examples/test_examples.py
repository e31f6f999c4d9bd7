"""What lint says about the examples: every marked bug, on its line, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from racecheck import lint
from racecheck.core.finding import Finding, Severity

EXAMPLES = Path(__file__).parents[2] / "examples"
MARK = re.compile(r"# BUG (RC\d{3}): \S+ .+$")

STORY = {
    "RC101": "delivery without the lock",
    "RC102": "sessions closed without the lock",
    "RC106": "update through a call",
    "RC115": "iteration while others insert",
    "RC201": "name taken twice",
    "RC204": "lazy connection",
    "RC214": "oversold goods",
    "RC304": "lock kept on an early return",
    "RC309": "cart and goods in both orders",
    "RC311": "relay asked under the lock",
    "RC316": "wait without a loop",
    "RC326": "finalizer takes a lock",
    "RC402": "target called",
    "RC417": "letter not marked as done",
    "RC429": "args without a tuple",
    "RC432": "add_user hidden by a flag",
    "RC433": "names of Thread taken",
    "RC434": "input on a thread",
    "RC435": "loop that never runs",
}
"""What the buggy form is there to show."""


def findings(folder: Path, **options: object) -> list[Finding]:
    result = lint([folder], isolated=True, cache=False, **options)
    assert not result.errors
    return [one for one in result.findings if not one.suppressed]


def marks(folder: Path) -> set[tuple[str, int, str]]:
    return {
        (path.name, number, match[1])
        for path in folder.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := MARK.search(line))
    }


def found(folder: Path) -> set[tuple[str, int, str]]:
    return {
        (Path(one.place.path).name, one.place.line, one.code)
        for one in findings(folder)
        if one.severity is not Severity.NOTE
    }


def test_the_buggy_service_shows_the_whole_story() -> None:
    buggy = EXAMPLES / "registration" / "buggy"
    assert {code for _, _, code in marks(buggy)} == set(STORY)
    lines = [line for path in buggy.glob("*.py") for line in path.read_text("utf-8").splitlines()]
    assert len([line for line in lines if "BUG" in line]) == len(marks(buggy)), "malformed mark"


def test_every_marked_bug_is_found_and_nothing_else() -> None:
    buggy = EXAMPLES / "registration" / "buggy"
    missed, false = marks(buggy) - found(buggy), found(buggy) - marks(buggy)
    assert (missed, false) == (set(), set())


def test_the_repaired_service_is_clean() -> None:
    repaired = EXAMPLES / "registration" / "repaired"
    assert not marks(repaired)
    assert [f"{one.place} {one.code} {one.message}" for one in findings(repaired)] == []


def test_both_services_together_say_the_same() -> None:
    """Two packages with the same file names in one run are kept apart."""
    both = EXAMPLES / "registration"
    seen = {
        (Path(one.place.path).parent.name, Path(one.place.path).name, one.place.line, one.code)
        for one in findings(both)
        if one.severity is not Severity.NOTE
    }
    assert seen == {("buggy", *mark) for mark in marks(both / "buggy")}


def test_the_bank_has_its_three_bugs() -> None:
    result = findings(EXAMPLES / "bank" / "bank")
    places = {(one.code, Path(one.place.path).name, one.place.line) for one in result}
    assert {p for p in places if p[0] != "RC310"} == {
        ("RC101", "ledger.py", 26),
        ("RC214", "ledger.py", 18),
    }
    (order,) = (one for one in result if one.code == "RC310")
    assert order.place.line in (34, 35)


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("RC101", {("ledger.py", 26)}),
        ("RC214", {("ledger.py", 18), ("ledger.py", 21)}),
        ("RC310", {("ledger.py", 34), ("ledger.py", 35)}),
    ],
)
def test_the_bank_findings_show_both_sides(code: str, lines: set[tuple[str, int]]) -> None:
    (one,) = (one for one in findings(EXAMPLES / "bank" / "bank") if one.code == code)
    assert {(Path(step.place.path).name, step.place.line) for step in one.steps} >= lines


def test_the_unguarded_write_says_why_it_runs_in_parallel() -> None:
    (one,) = (one for one in findings(EXAMPLES / "bank" / "bank") if one.code == "RC101")
    told = "\n".join([*one.evidence, *(f"{step.thread} {step.place}" for step in one.steps)])
    assert "submit" in told
    assert "worker.py:12" in told
