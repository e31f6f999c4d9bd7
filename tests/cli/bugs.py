"""A check of the tests' own, which reports every `# BUG`, and files for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from tests.cli.runner import ROOT

CLEAN = "import threading\n\nLOCK = threading.Lock()\n"
BUGGY = CLEAN + "\n\ndef work():\n    shared.total = 1  # BUG\n"


def marked(study) -> Iterator[Finding]:
    """One finding for each line with the word BUG; its grade may follow."""
    for module in study.program.modules.values():
        for function in module.functions.values():
            for access in function.facts.accesses:
                if access.path != "shared.total":
                    continue
                place = Place(module.path, access.line, mark="shared.total")
                yield Finding(
                    code="RC301",
                    name="useless-with-lock",
                    subject="shared.total",
                    message="Unguarded write to `shared.total`",
                    place=place,
                    confidence=Confidence.LIKELY,
                    severity=Severity.ERROR,
                    steps=(Step("write", place, "work"),),
                    context="work",
                )


def write(folder, name: str, text: str = BUGGY):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def shell(script: str, folder):
    return subprocess.run(
        ["bash", "-c", script, sys.executable],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
