"""`racecheck report`: traces and saved results, in any format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import process
from tests.cli.test_run import ASKED, RACY


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with everything that it can leave."""
    home = tmp_path_factory.mktemp("report")
    (home / ".git").mkdir()
    (home / "racy.py").write_text(RACY)
    words = ("--trace-file", "trace.jsonl", "-o", "json:found.json", "-qq", "racy.py")
    assert process("run", *words, folder=home, environment=ASKED).returncode == 66
    return home


def report(folder: Path, *words: str) -> tuple[int, str, str]:
    done = process("report", *words, folder=folder)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_trace_gives_the_same_result_as_the_run(folder: Path) -> None:
    code, out, err = report(folder, "trace.jsonl", "--output-format", "json")
    assert code == 1
    live = json.loads((folder / "found.json").read_text())
    assert json.loads(out)["findings"] == live["findings"]
    assert json.loads(out)["errors"] == live["errors"] == []
    assert err == "1 problem in trace.jsonl (1 observed).\n"


def test_a_saved_result_in_another_format(folder: Path) -> None:
    code, out, _ = report(folder, "found.json")
    assert (code, out.startswith("RC101 ")) == (1, True)
    assert "--> racy.py:10:9" in out
    code, out, _ = report(folder, "found.json", "--output-format", "concise", "-q")
    assert out.startswith("racy.py:10:9: RC101 [observed] ")
    report(folder, "found.json", "-qq", "-o", "sarif:found.sarif")
    assert "RC101" in (folder / "found.sarif").read_text()


def test_a_saved_result_keeps_what_it_says(folder: Path) -> None:
    _, out, _ = report(folder, "found.json", "--output-format", "json")
    live = json.loads((folder / "found.json").read_text())["findings"]
    again = json.loads(out)["findings"]
    assert again == live


def test_a_result_of_lint_can_be_read_as_well(folder: Path) -> None:
    text = "import threading\n\n\ndef f():\n    with threading.Lock():\n        f.x = 1\n"
    (folder / "useless.py").write_text(text)
    process("lint", "useless.py", "-o", "json:lint.json", folder=folder)
    code, out, _ = report(folder, "lint.json")
    assert (code, out.startswith("RC301 ")) == (1, True)


def test_selection_and_suppressions_of_today_count(folder: Path) -> None:
    assert report(folder, "trace.jsonl", "--ignore", "RC101")[:2] == (0, "")
    assert report(folder, "found.json", "--select", "RC3")[:2] == (0, "")
    assert report(folder, "trace.jsonl", "--exit-zero", "-qq") == (0, "", "")


def test_a_trace_that_was_cut_off_says_so(folder: Path) -> None:
    data = (folder / "trace.jsonl").read_bytes()
    (folder / "cut.jsonl").write_bytes(data[:-20])
    code, out, err = report(folder, "cut.jsonl")
    assert (code, out.startswith("RC101 ")) == (1, True)
    assert "the last line of cut.jsonl was cut off" in err
    assert "the run was cut off; this is what was seen until then" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read `input`: No such file"),
        ("", "neither a trace nor a saved result: no JSON object"),
        ("\x00\x01", "no JSON object"),
        ("[1, 2]", "racecheck did not write it"),
        ('{"version": 1}', "racecheck did not write it"),
        ('{"version": 9, "tool": "racecheck 9"}', "is a result of version 9"),
        ('{"version": 1, "tool": "racecheck 0.1.0"}', "KeyError"),
        ('{"format": "racecheck trace", "version": 9}\n', "is a trace of version 9"),
        ('{"format": "racecheck trace", "version": 1}\n', "was written by Python None"),
    ],
)
def test_other_files_are_refused_in_a_line(text: str | None, said: str, folder: Path) -> None:
    path = folder / "input"
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_text(text)
    code, out, err = report(folder, "input")
    assert (code, out) == (2, "")
    assert err.startswith("racecheck: error: ")
    assert said in err
    assert len(err.splitlines()) <= 2


def test_one_file_please(folder: Path) -> None:
    assert "which file?" in report(folder)[2]
    assert "one file, not 2" in report(folder, "a", "b")[2]
    assert "cannot read `.`" in report(folder, ".")[2]
