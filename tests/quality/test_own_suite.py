"""Part of our own suite, watched by ourselves: every test ends as it does unwatched."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest

from tests.zoo.loader import USABLE

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("source", "facts")
TRACED = ",".join(f"{home}/{part}" for part in PARTS for home in ("racecheck", "tests"))


@cache
def outcomes(*flags: str) -> dict[str, str]:
    """Test to what came of it, in a process of its own."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        tests = [f"tests/{part}" for part in PARTS]
        options = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}", *flags]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        subprocess.run(command, cwd=ROOT, capture_output=True, timeout=900)
        cases = list(ElementTree.parse(report).iter("testcase"))
    return {f"{case.get('classname')}.{case.get('name')}": _ended(case) for case in cases}


def _ended(case: ElementTree.Element) -> str:
    parts = [part for part in case if part.tag in ("failure", "error", "skipped")]
    return ", ".join(f"{part.tag}: {part.get('message')}" for part in parts) or "passed"


@pytest.mark.slow
@pytest.mark.daily
@pytest.mark.parametrize("backend", USABLE)
def test_our_tests_end_as_they_do_unwatched(backend: str) -> None:
    watched = outcomes("--racecheck", f"--racecheck-backend={backend}", "--racecheck-trace", TRACED)
    assert len(watched) > 300
    assert watched == outcomes()
