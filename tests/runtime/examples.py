"""Runs an example of a rule page under watch, its tests too if it has some; prints findings."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from racecheck.bridge.watching import Rules
from racecheck.core.finding import Finding
from racecheck.runtime.options import WATCH, RuntimeOptions
from racecheck.runtime.session import Session
from racecheck.runtime.waits import Abandoned


def main(path: str, code: str) -> None:
    """The example at `path`: its body, then each `test_` function as a test of rule `code`."""
    watch = (*(word for word in WATCH if word != "races"), "memory")
    session = Session(
        RuntimeOptions(watch=watch, hang_timeout=0.5, hang_action="fail", rules=Rules())
    )
    session.start()
    try:
        sys.path.insert(0, str(Path(path).parent))
        module = vars(importlib.import_module(Path(path).stem))
    except Abandoned:
        module = {}
    found = [] if any(name.startswith("test_") for name in module) else session.findings()
    for name, function in list(module.items()):
        if name.startswith("test_"):
            found += grown(session, function) if code == "RC442" else tested(session, function)
    said = {"found": [(f.code, f.place.line) for f in found], "faults": session.faults()}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    os._exit(0)


def tested(session: Session, function: Any) -> list[Finding]:
    """What one test did and left."""
    session.begin_test()
    function()
    return session.take()


def grown(session: Session, function: Any) -> list[Finding]:
    """What one test keeps each time."""
    session.begin_test()
    session.observers["memory"].repeat(function)
    return session.take()


if __name__ == "__main__":
    main(*sys.argv[1:])
