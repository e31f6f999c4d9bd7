"""From failures to findings: codes, how sure, one for each cause, and fingerprints that stay."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from racecheck.bridge import saved, watching
from racecheck.bridge.telling import finding_of, findings_of
from racecheck.bridge.watching import Rules
from racecheck.catalog import load as catalog
from racecheck.core.finding import Confidence, Finding, Origin, Severity
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.lab import Lab
from racecheck.explore.verdict import FAILS, Verdict
from racecheck.report import registry
from racecheck.report.result import Context, Result
from racecheck.runtime.options import RuntimeOptions
from racecheck.settings import load
from tests.checks.harness import cases_of

PROGRAMS = Path(__file__).resolve().parents[1] / "explore" / "programs"
CASES = list(cases_of(catalog.rulebook().get("RC805")))

Explored = Callable[..., Verdict]


@pytest.fixture
def explored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explored:
    """Explores a program that is told by its text, or one of those with known answers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def explore(source: str, test: str = "test", **plan: Any) -> Verdict:
        known = PROGRAMS / f"{source}.py"
        text = known.read_text("utf-8") if "\n" not in source else source
        name = f"told_{abs(hash(text))}"
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        options = RuntimeOptions(
            watch=("races", "lock-order"), trace=(str(tmp_path),), rules=Rules()
        )
        try:
            with Lab(options) as lab:
                body = getattr(__import__(name), test)
                lab.note_state()
                return Explorer(lab, body, Plan(**plan), f"{name}.py::{test}").explore()
        finally:
            sys.modules.pop(name, None)

    return explore


def only(verdict: Verdict) -> Finding:
    (found,) = findings_of(verdict, Rules())
    return found


@pytest.mark.parametrize(
    ("program", "code", "subject"),
    [
        ("p01_counter", "RC101", "Counter.n"),
        ("p02_pop_if_any", "RC214", "Stack.items"),
        ("p04_dict_iterated", "RC115", "Rooms.people"),
        ("p08_abba", "RC309", "Pair.a, Pair.b"),
        ("transfer_both_ways", "RC310", "Account.lock"),
        ("join_under_lock", "RC440", "lock in Worker.run"),
        ("p10_lost_wakeup", "RC440", "condition in Gate.pass_through"),
        ("e06_locked_twice", "RC805", "AssertionError in test"),
        ("answered_twice", "RC426", "InvalidStateError in Question.reply"),
    ],
)
def test_codes(explored: Explored, program: str, code: str, subject: str) -> None:
    found = only(explored(program))
    assert (found.code, found.subject) == (code, subject)
    assert found.name == catalog.rulebook().names[code]
    assert found.confidence is Confidence.CONFIRMED
    assert found.origin is Origin.EXPLORE
    assert found.schedule.startswith("rc1:")
    assert found.help.count(found.schedule) == 2
    assert found.evidence[0].startswith("why: ")
    assert found.evidence[1].startswith("sure: replayed 10 of 10 times")
    assert found.evidence[2].startswith("found: schedule ")
    assert found.steps


def test_a_race_and_what_comes_of_it_are_one_finding(explored: Explored) -> None:
    verdict = explored("p02_pop_if_any", keep_going=True, schedules=40)
    assert {found.failure.kind for found in verdict.found} == {"thread exception", "race"}
    found = only(verdict)
    assert (found.code, found.subject) == ("RC214", "Stack.items")
    assert found.steps[-1].role == "fails"
    assert found.steps[-1].note == "IndexError: pop from empty list"
    alone = next(one for one in verdict.found if one.failure.kind == "race")
    assert finding_of(alone, verdict, Rules()).fingerprint == found.fingerprint


def test_two_failures_of_one_race_are_one_finding(explored: Explored) -> None:
    source = """
import threading


class Stack:
    def __init__(self):
        self.items = ["only"]
        self.taken = 0

    def take(self):
        if self.items:
            self.items.pop()


def test():
    stack = Stack()
    threads = [threading.Thread(target=stack.take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
    verdict = explored(source, keep_going=True, schedules=30)
    again = replace(verdict, found=(*verdict.found, verdict.found[0]))
    found = only(again)
    assert any(line.startswith("also: IndexError") for line in found.evidence)


def test_what_does_not_always_fail_is_not_confirmed(explored: Explored) -> None:
    verdict = explored("e06_locked_twice")
    some = replace(verdict.found[0], replayed=7)
    found = finding_of(some, verdict, Rules())
    assert found.confidence is Confidence.OBSERVED
    assert "sure: replayed 7 of 10 times; without the switch 0 of 10 fail" in found.evidence


def test_fingerprints_are_the_same_under_every_seed(explored: Explored) -> None:
    for program in ("e06_locked_twice", "p02_pop_if_any", "p08_abba"):
        marks = {
            only(explored(program, strategy=strategy, seed=seed, schedules=40)).fingerprint
            for strategy in ("pct", "random")
            for seed in (1, 2)
        }
        assert len(marks) == 1, program


def test_a_failure_that_needs_no_schedule_says_so(explored: Explored) -> None:
    found = only(explored("def test():\n    assert 1 == 2\n"))
    assert found.code == "RC805"
    assert found.message == "`test` fails whatever the schedule: AssertionError"
    assert "why: it fails in the ordinary order as well" in found.evidence


def test_addresses_are_not_told(explored: Explored) -> None:
    found = only(explored("answered_twice"))
    assert " at 0x" not in found.message
    assert all(" at 0x" not in step.note for step in found.steps)


def test_without_a_story_the_sides_of_the_race_are_told(explored: Explored) -> None:
    verdict = explored("p01_counter", schedules=2)
    one = verdict.found[0]
    found = finding_of(replace(one, run=replace(one.run, events=())), verdict, Rules())
    assert [step.role for step in found.steps] == ["read and written", "read and written"]
    assert found.evidence[0].startswith("sure: ")


def test_all_formats_take_it(explored: Explored) -> None:
    result = Result((only(explored("p02_pop_if_any")), only(explored("p08_abba"))))
    for name in registry.names():
        assert "".join(registry.get(name).render(result, Context()))


def test_saved_and_read_again_it_is_the_same(explored: Explored, tmp_path: Path) -> None:
    found = only(explored("e06_locked_twice"))
    text = "".join(registry.get("json").render(Result((found,)), Context()))
    (tmp_path / "result.json").write_text(text, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.racecheck]\n", "utf-8")
    loaded = load(tmp_path)
    (read,) = saved.read(tmp_path / "result.json", loaded, watching.Judge(loaded)).findings
    assert (read.schedule, read.steps, read.origin) == (found.schedule, found.steps, found.origin)
    assert json.loads(text)["findings"][0]["schedule"] == found.schedule


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_examples_of_the_rule(case: Any, explored: Explored) -> None:
    (text,) = case.texts.values()
    test = next(line for line in text.splitlines() if line.startswith("def test_"))
    verdict = explored(text, test[len("def ") : test.index("(")], schedules=60)
    lines = {(one.place.line, one.code) for one in findings_of(verdict, Rules())}
    assert lines == {(line, code) for _, line, code in case.expected}
    assert (verdict.outcome == FAILS) == bool(case.expected)


def test_the_severity_is_the_rules(explored: Explored) -> None:
    assert only(explored("e06_locked_twice")).severity is Severity.ERROR
