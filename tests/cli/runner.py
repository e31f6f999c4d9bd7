"""Runs the command line in this process, and in one of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from racecheck.cli import main

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    """`racecheck ARGUMENTS` in this process."""
    code = main.run(arguments)
    out, err = capfd.readouterr()
    return Outcome(code, out, err)


def process(
    *arguments: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> subprocess.CompletedProcess[bytes]:
    """`python -m racecheck ARGUMENTS` in a process without our environment."""
    return subprocess.run(
        [sys.executable, "-m", "racecheck", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **(environment or {})},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
