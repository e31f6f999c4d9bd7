"""Runs programs of the zoo with a trace file, reads it again, and prints where the findings differ.

`python -m tests.bridge.replaying BACKEND NAME...`: a line of JSON for each program.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from racecheck.bridge import replay
from racecheck.core.finding import Finding
from racecheck.runtime.session import Session
from tests.zoo import loader


def work(backend: str, names: Sequence[str]) -> None:
    known = {program.name: program for program in loader.programs()}
    before = set(threading.enumerate())
    with tempfile.TemporaryDirectory() as folder:
        for index, name in enumerate(names):
            path = Path(folder) / f"{index}.jsonl"
            options = replace(loader._options(known[name], backend), trace_file=str(path))
            session = Session(options)
            with loader._ready(known[name]), loader._silence():
                live, _ = loader._watched(known[name], session)
            session.findings()
            again = replay.read(path, options)
            told = {"name": name, "live": shown(live), "again": shown(again.findings())}
            sys.stdout.write(json.dumps({**told, "complete": again.complete}) + "\n")
            if set(threading.enumerate()) - before:
                break
    sys.stdout.flush()
    os._exit(0)


def shown(findings: Sequence[Finding]) -> list[str]:
    return sorted(map(repr, findings))


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2:])
