"""What `racecheck lint` writes to: terminals, colours, encodings, closed streams, full disks."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from racecheck.cli import main
from racecheck.cli import progress as progress_module
from tests.cli.bugs import shell, write
from tests.cli.runner import ROOT, run

pytestmark = pytest.mark.usefixtures("project")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("arguments", ["lint m.py", "explain RC301", "--version"])
def test_a_full_disk_is_said(arguments, project):
    write(project, "m.py", "import threading\ndef (\n")
    script = f'"$0" -m racecheck {arguments} > /dev/full'
    done = shell(script, project)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("racecheck: error: cannot write to stdout: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams(closed, project):
    write(project, "m.py", "import threading\ndef (\n")
    assert shell(f'"$0" -m racecheck lint m.py {closed}', project).returncode == 1


@pytest.mark.parametrize(
    ("environment", "arguments", "painted"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"TERM": "dumb"}, [], False),
    ],
)
def test_colour(environment, arguments, painted, project, capfd, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write(project, "m.py")
    out = run(capfd, "lint", *arguments).out
    assert ("\x1b[" in out) is painted
    assert "RC301" in out


def test_rich_is_not_imported_for_plain_output(project):
    write(project, "m.py", "import threading\ndef (\n")
    code = (
        "import sys\nfrom racecheck.cli.main import run\ncode = run(['lint', '-q'])\n"
        "assert code == 1, code\n"
        "sys.stderr.write(str(sorted({'rich', 'concurrent.futures'} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8", "utf-16"])
def test_every_encoding_of_stdout(encoding, project, monkeypatch):
    write(project, "größe/名.py", "import threading\n# 名\ndef f(größe: '→':\n")
    for form in ("full", "json", "github", "junit", "html"):
        stdout = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stdout, encoding=encoding))
        assert main.run(["lint", "--output-format", form]) == 1
        text = stdout.getvalue().decode(encoding)
        assert "RC903" in text
        if form == "json":
            assert json.loads(text)["findings"][0]["path"] == "größe/名.py"


def test_a_terminal_without_capabilities(project, capfd, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("racecheck.cli.streams.is_terminal", lambda stream: True)
    write(project, "m.py")
    assert "\x1b[" not in run(capfd, "lint").out


def test_progress_shows_late_and_leaves_no_trace(capfd):
    shown = progress_module.Progress(sys.stderr, enabled=True, delay=0.0)
    shown("reading 10 files")
    shown("linking")
    shown.erase()
    err = capfd.readouterr().err
    assert "racecheck: reading 10 files" in err
    assert err.endswith("\r" + " " * len("racecheck: linking") + "\r")
    never = progress_module.Progress(sys.stderr, enabled=True, delay=60)
    never("reading")
    never.erase()
    assert capfd.readouterr().err == ""


def test_no_progress_when_nobody_watches(project, capfd, monkeypatch):
    monkeypatch.setattr(progress_module, "DELAY", 0.0)
    write(project, "m.py")
    assert run(capfd, "lint").err.startswith("Found")
