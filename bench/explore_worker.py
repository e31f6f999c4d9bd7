"""One program in one explorer, measured from inside; bench/explore.py starts it.

    python bench/explore_worker.py TOOL PROGRAM ROUNDS SECONDS

TOOL is `adapter:strategy`. Prints one line of JSON. The first round is told apart: it includes
what a tool does only once in a process, as it must for whoever runs one test.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "tests" / "explore" / "programs"
MANY = 200
"""Schedules that an explorer may run for a verdict: racecheck's own default."""


def measure(tool: str, program: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Explore the program again and again, with other seeds, and say what it took."""
    adapter, _, strategy = tool.partition(":")
    explore = importlib.import_module(f"peers_explore.{adapter}").explore
    times, schedules, verdicts, notes = [], [], [], []
    ends = time.perf_counter() + seconds
    for seed in range(rounds):
        outcome = explore(program, seed, MANY, strategy)
        times.append(outcome.seconds)
        schedules.append(outcome.schedules)
        verdicts.append(outcome.verdict)
        notes.append(outcome.note)
        if time.perf_counter() > ends:
            break
    # Why not the first round: what is done once in a process has a figure of its own.
    warm = slice(1, None) if len(times) > 1 else slice(None)
    again = statistics.median(times[warm])
    return {
        "verdicts": {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)},
        "first_ms": 1000 * times[0],
        "again_ms": 1000 * again,
        "schedules": statistics.median(schedules),
        "per_second": sum(schedules[warm]) / sum(times[warm]),
        "rounds": len(times),
        "note": notes[0],
    }


def main() -> None:
    """The worker."""
    threading.excepthook = lambda _: None  # schedules are meant to fail
    sys.path[:0] = [str(HERE), str(PROGRAMS)]
    tool, program, rounds, seconds = sys.argv[1:]
    found = measure(tool, program, int(rounds), float(seconds))
    print("\n" + json.dumps(found), flush=True)
    os._exit(0)  # some leave threads behind that wait for ever


if __name__ == "__main__":
    main()
