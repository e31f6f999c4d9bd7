"""A failing schedule as text: columns, arrows, and what is said below them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.report import registry
from racecheck.report.data import finding_data
from racecheck.report.layout import finding_lines, plain
from racecheck.report.result import Context, Result
from racecheck.report.sources import SourceLines
from tests.report.bank import LEDGER

TEST = "tests/test_ledger.py"
PATH = "bank/ledger.py"
ASSERTS = "\n" * 28 + "    assert ledger.balance >= 0\n"
TOKEN = "rc1:CAFQ2ZQ"
SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json"


def step(thread: str, role: str, line: int, note: str = "", path: str = PATH) -> Step:
    return Step(role, Place(path, line), "Ledger.withdraw", thread, note=note)


STEPS = (
    step("withdraw-1", "check", 18, "balance is 100"),
    step("withdraw-1", "switch", 20, "gives way to withdraw-2"),
    step("withdraw-2", "check", 18, "balance is 100"),
    step("withdraw-2", "acquire", 20, "acquires `Ledger._lock`"),
    step("withdraw-2", "update", 21, "balance 100 -> 20"),
    step("withdraw-2", "ends", 21, "ends, withdraw-1 goes on"),
    step("withdraw-1", "acquire", 20, "acquires `Ledger._lock`"),
    step("withdraw-1", "update", 21, "balance 20 -> -60"),
    step("MainThread", "fails", 29, "AssertionError: assert -60 >= 0", TEST),
)
FOUND = Finding(
    code="RC214",
    name="check-then-act",
    subject="Ledger.balance",
    message="Data race on `Ledger.balance`: checked, then acted upon",
    place=Place(PATH, 18),
    confidence=Confidence.CONFIRMED,
    severity=Severity.ERROR,
    steps=STEPS,
    evidence=(
        "why: withdraw-1 decided at step 1 with a `balance` that step 4 changed",
        "sure: replayed 10 of 10 times; without the switch 0 of 10 fail",
        "found: schedule 2, by pct; 138 of 200 fail",
        "withdraw-1: started at tests/test_ledger.py:25 by MainThread",
        "saved: .racecheck/schedules/CAFQ2ZQ.toml (tried first next time)",
    ),
    help=f"`racecheck replay {TOKEN}` or `pytest --racecheck-replay {TOKEN}` runs it again",
    origin=Origin.EXPLORE,
    context="Ledger.withdraw",
    schedule=TOKEN,
)
WHOLE = """\
RC214 Data race on `Ledger.balance`: checked, then acted upon                  confirmed

       withdraw-1                               withdraw-2
       ---------------------------------------  ---------------------------------------
    1  18  if self.balance < amount:
             balance is 100
       ===== switch ==========================>
    2                                           18  if self.balance < amount:
                                                      balance is 100
    3                                           20  with self._lock:
                                                      acquires `Ledger._lock`
    4                                           21      self.balance -= amount
                                                      balance 100 -> 20
       <============================ ends =====
    5  20  with self._lock:
             acquires `Ledger._lock`
    6  21      self.balance -= amount
             balance 20 -> -60

  MainThread then fails at tests/test_ledger.py:29  assert ledger.balance >= 0
    AssertionError: assert -60 >= 0

  why     withdraw-1 decided at step 1 with a `balance` that step 4 changed
  sure    replayed 10 of 10 times; without the switch 0 of 10 fail
  found   schedule 2, by pct; 138 of 200 fail
  saved   .racecheck/schedules/CAFQ2ZQ.toml (tried first next time)
  replay  racecheck replay rc1:CAFQ2ZQ
          pytest --racecheck-replay rc1:CAFQ2ZQ
"""


def given(width: int = 88, texts: dict[str, str] | None = None, **more: Any) -> Context:
    lines = SourceLines({PATH: LEDGER, TEST: ASSERTS, **(texts or {})})
    return Context(lines=lines, width=width, **more)


def shown(found: Finding, context: Context) -> str:
    return "".join(plain(line) + "\n" for line in finding_lines(found, context))


def long(names: int) -> Finding:
    """Threads with long names and long lines, in turns."""
    steps: list[Step] = []
    for number in range(names * 2):
        thread = f"a thread with a rather long name, number {number % names}"
        if steps:
            steps.append(step(steps[-1].thread, "switch", 1, f"gives way to {thread}", "long.py"))
        steps.append(step(thread, "read", 1, "value is " + "very " * 20 + "long", "long.py"))
    return replace(FOUND, steps=(*steps, STEPS[-1]), evidence=("why: " + "because " * 40,))


def test_the_whole_of_it() -> None:
    assert shown(FOUND, given()) == WHOLE


@pytest.mark.parametrize("width", [60, 72, 80, 88, 100])
@pytest.mark.parametrize("names", [1, 2, 3, 4, 5, 9])
def test_no_line_is_too_wide(width: int, names: int) -> None:
    texts = {"long.py": "value = function(argument, " + "other, " * 40 + ")\n"}
    for found in (FOUND, long(names)):
        text = shown(found, given(width, texts))
        assert [line for line in text.splitlines() if len(line) > width] == []


def test_only_ascii_is_drawn() -> None:
    assert shown(FOUND, given()).isascii()


def test_more_than_four_threads_are_a_list() -> None:
    text = shown(long(5), given(texts={"long.py": "value = 1\n"}))
    assert "    1  a thread with a rather long name, number 0\n         1  value = 1\n" in text
    assert "       ===== switch ====> a thread with a rather long name, number 1\n" in text
    assert "-----" not in text


def test_wide_characters_keep_the_columns() -> None:
    text = '"""x"""\n' + "\n" * 16 + "if 表 < '表示':\n"
    steps = (
        step("甲", "check", 18, "表 is 1", "wide.py"),
        step("甲", "switch", 18, "", "wide.py"),
        step("b", "write", 18, "", "wide.py"),
    )
    lines = shown(replace(FOUND, steps=steps), given(texts={"wide.py": text})).splitlines()
    assert lines[2] == "       甲" + " " * 39 + "b"
    assert "    1  18  if 表 < '表示':" in lines


def test_control_characters_do_not_get_through() -> None:
    text = "\n" * 17 + "x = '\x1b[31m'\n"
    steps = (step("t\x1b", "read", 18, "x is '\x1b'", "c.py"), STEPS[-1])
    assert "\x1b" not in shown(replace(FOUND, steps=steps), given(texts={"c.py": text}))


def test_steps_in_several_files_say_which() -> None:
    steps = (STEPS[0], step("withdraw-2", "read", 29, "", TEST))
    text = shown(replace(FOUND, steps=steps), given())
    assert "ledger.py:18  if self.balance" in text
    assert "test_ledger.py:29  assert" in text


def test_without_source_the_file_is_said() -> None:
    assert "ledger.py:18\n" in shown(FOUND, Context())


def test_a_failure_without_steps() -> None:
    steps = (Step("fails", Place(TEST, 0), thread="t", note="ValueError: no"),)
    assert shown(replace(FOUND, steps=steps), given()).splitlines()[1:5] == [
        "",
        "  t then fails",
        "    ValueError: no",
        "",
    ]


def test_steps_left_out_are_counted() -> None:
    steps = (STEPS[0], step("withdraw-1", "cut", 18, "12 more steps"), STEPS[4])
    assert "\n       ... 12 more steps\n" in shown(replace(FOUND, steps=steps), given())


def test_where_threads_come_from_is_told_with_stacks() -> None:
    assert "started at" not in shown(FOUND, given())
    assert "          withdraw-1: started at tests" in shown(FOUND, given(stacks=True))


def test_a_finding_of_a_run_is_shown_as_before() -> None:
    text = shown(replace(FOUND, schedule=""), given())
    assert "--> bank/ledger.py:18" in text


@pytest.mark.parametrize("name", registry.names())
def test_every_format_takes_it(name: str) -> None:
    for found in (FOUND, replace(FOUND, steps=())):
        assert "".join(registry.get(name).render(Result((found,)), given()))


def test_json_has_the_steps_and_the_token() -> None:
    data = finding_data(FOUND)
    assert data["schedule"] == TOKEN
    assert [one["role"] for one in data["related"]] == [one.role for one in STEPS]
    assert data["related"][1]["message"] == "gives way to withdraw-2"


def test_sarif_has_a_flow_for_each_thread_in_the_order_of_time() -> None:
    log = json.loads("".join(registry.get("sarif").render(Result((FOUND,)), given())))
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(log)
    (result,) = log["runs"][0]["results"]
    assert result["properties"]["schedule"] == TOKEN
    flows = result["codeFlows"][0]["threadFlows"]
    assert [flow["message"]["text"] for flow in flows] == ["withdraw-1", "withdraw-2", "MainThread"]
    orders = [[one["executionOrder"] for one in flow["locations"]] for flow in flows]
    assert orders == [[1, 2, 7, 8], [3, 4, 5, 6], [9]]
    assert len(result["relatedLocations"]) == len(STEPS)


def test_colours_carry_no_meaning() -> None:
    full = registry.get("full")
    painted = "".join(full.render(Result((FOUND,)), given(color=True)))
    assert "\x1b[" in painted
    assert "".join(full.render(Result((FOUND,)), given())) == WHOLE + "\n"
