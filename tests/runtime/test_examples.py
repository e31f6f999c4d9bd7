"""Examples of rules that only a run reports are run, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from racecheck.catalog import load
from tests.checks.harness import Case, cases_of

BOOK = load.rulebook()
RUN = sorted(BOOK.run_only & BOOK.seen_in_runs)
CASES = [case for code in RUN for case in cases_of(BOOK.get(code))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_example(case: Case, tmp_path: Path) -> None:
    (text,) = case.texts.values()
    (tmp_path / "example.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.runtime.examples", str(tmp_path / "example.py"), case.code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["faults"] == []
    found = {("example.py", line, code) for code, line in said["found"] if code not in case.also}
    if case.kind == "false alarm":
        found = {one for one in found if one[2] == case.code}
    assert found == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_example_is_well_formed(case: Case) -> None:
    codes = {code for _, _, code in case.expected}
    assert codes == ({case.code} if case.kind == "bad" else set())
