"""A trace gives the findings of the run that it was made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from racecheck.bridge import replay
from racecheck.core.errors import UsageError
from racecheck.runtime.options import RuntimeOptions
from tests.zoo import loader

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    program.name
    for program in loader.programs()
    if program.ends and program.runs_here and program.family != "hangs"
]


def work(backend: str, names: list[str]) -> list[dict]:
    """What came of each program; a worker that a program has spoilt is followed by another one."""
    found: list[dict] = []
    while len(found) < len(names):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bridge.replaying", backend, *names[len(found) :]],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines, done.stderr
        found += lines
    return found


STEP = 12
"""Every so many programs of the zoo, others with each backend: a session takes half a second."""


@pytest.mark.parametrize(("backend", "first"), [("rewrite", 0), ("settrace", 5)])
def test_the_same_findings_of_programs_of_the_zoo(backend: str, first: int) -> None:
    names = PROGRAMS[first::STEP]
    assert len(names) > 20
    outcomes = work(backend, names)
    assert [one["name"] for one in outcomes if one["live"] != one["again"]] == []
    assert all(one["complete"] for one in outcomes)
    assert sum(bool(one["live"]) for one in outcomes) > 8


HEAD = {"format": "racecheck trace", "version": 1, "code": sys.implementation.cache_tag}


def written(path: Path, *lines: str, **changes: object) -> Path:
    path.write_text("\n".join([json.dumps({**HEAD, **changes}), *lines, ""]))
    return path


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", '{"k":"test"}')
    path.write_text(path.read_text() + '{"k":"forg')
    read = replay.read(path, RuntimeOptions())
    assert (read.cut, read.complete, read.findings()) == (True, False, [])
    assert read.limits() == ["the run was cut off: what it left behind is not known"]


def test_a_whole_trace_says_so(tmp_path: Path) -> None:
    read = replay.read(written(tmp_path / "t.jsonl", '{"k":"end"}'), RuntimeOptions())
    assert (read.cut, read.complete, read.limits()) == (False, True, [])


@pytest.mark.parametrize(
    ("lines", "changes", "said"),
    [
        (["{"], {}, ":2 is no line of a trace"),
        (['{"k":"nothing"}'], {}, "unknown event 'nothing'"),
        (['{"k":"touch"}'], {}, ":2 is no line of a trace: KeyError"),
        (['{"k":"code","i":1,"data":"AAAA"}'], {}, ":2 is no line of a trace"),
        (["[]"], {}, ":2 is no line of a trace"),
        ([], {"version": 99}, "is a trace of version 99; this racecheck reads 1"),
        ([], {"code": "cpython-27", "python": "2.7"}, "was written by Python 2.7"),
    ],
)
def test_what_cannot_be_read_is_said(
    lines: list[str], changes: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        replay.read(written(tmp_path / "t.jsonl", *lines, **changes), RuntimeOptions())
    assert said in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
