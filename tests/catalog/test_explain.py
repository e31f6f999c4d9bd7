"""The page in the terminal, and docs/rules in step with the catalogue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from racecheck.catalog import load
from racecheck.catalog.explain import explain
from racecheck.catalog.rulebook import Example, FalseAlarm, RuleInfo

ROOT = Path(__file__).resolve().parents[2]
RULE = RuleInfo(
    code="RC199",
    name="unguarded-write",
    summary="State is changed without its lock",
    severity="error",
    since="0.1",
    family="race",
    tier="optin",
    fixable="unsafe",
    what="State that is protected by a lock in most places is changed in a place that\ndoes "
    "not hold it.",
    why="Two threads can read the same value:\n\n    x = x + 1\n\n- one update is lost\n- nobody "
    "sees it",
    quiet="",
    fix="Hold the lock.",
    see=("RC102", "RC999"),
    references=("https://example.org/races",),
    examples=(
        Example(
            title="A counter",
            bad="def hit(self):\n    self.count += 1\n",
            good="def hit(self):\n    with self._lock:\n        self.count += 1\n",
        ),
    ),
    false_alarms=(FalseAlarm(code="x = 1", reason="no thread"),),
)
PAGE = """\
RC199  unguarded-write         error, since 0.1, off unless selected, unsafe fix

What     State that is protected by a lock in most places is changed in a place
         that does not hold it.
Why      Two threads can read the same value:

             x = x + 1

         - one update is lost
         - nobody sees it
Fix      Hold the lock.

Example  A counter
Bad                    Good
  def hit(self):         def hit(self):
      self.count += 1        with self._lock:
                                 self.count += 1

Silence  # racecheck: ignore[RC199] -- why this is safe
See also RC102 inconsistent-guard, RC999
Read     https://example.org/races
"""


def test_the_form_of_a_page() -> None:
    lines = explain(RULE, {"RC102": "inconsistent-guard"}, width=80)
    assert "\n".join(lines) + "\n" == PAGE


def test_narrow_terminals_get_one_column() -> None:
    lines = explain(RULE, {}, width=40)
    assert lines.index("Bad") < lines.index("Good")
    assert max(map(len, lines[1:])) <= 50


@pytest.mark.parametrize("code", sorted(load.rulebook().codes))
def test_every_page_fits_the_terminal(code: str) -> None:
    book = load.rulebook()
    lines = explain(book.get(code), book.names)
    text = "\n".join(lines)
    assert text.startswith(f"{code}  {book.names[code]}")
    assert f"ignore[{code}]" in text
    assert max(map(len, lines)) <= 104, "code lines may be 100 wide, and are indented"


def test_docs_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/gen_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nrun scripts/gen_docs.py"
