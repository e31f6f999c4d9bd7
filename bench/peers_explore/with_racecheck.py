"""racecheck itself: the ordinary test of the program, without state, workers or invariant."""

from __future__ import annotations

import importlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from peers_explore.outcome import Outcome
from racecheck.bridge.exploring import WATCH
from racecheck.bridge.watching import Rules
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.lab import Lab
from racecheck.explore.strategies.base import Strategy
from racecheck.runtime.options import RuntimeOptions

PROGRAMS = Path(__file__).resolve().parents[2] / "tests" / "explore" / "programs"


class TimedLab(Lab):
    """Notes when the first schedule failed, and which one it was."""

    failed_at = 0.0
    runs = 0

    def run(self, strategy: Strategy, body: Any, target: str = "", **options: Any) -> Any:
        found = super().run(strategy, body, target, **options)
        if not self.failed_at:
            self.runs += 1
            self.failed_at = time.perf_counter() if found.failed else 0.0
        return found


_labs: list[TimedLab] = []


def _lab() -> TimedLab:
    """One for all of a process, as for all tests of a command."""
    if not _labs:
        options = RuntimeOptions(watch=WATCH, trace=(str(PROGRAMS),), root=str(PROGRAMS))
        _labs.append(TimedLab(replace(options, rules=Rules())))
        _labs[0].__enter__()
    return _labs[0]


def explore(name: str, seed: int, schedules: int, strategy: str) -> Outcome:
    began = time.perf_counter()
    lab = _lab()
    lab.failed_at, lab.runs = 0.0, 0
    lab.reach.points.clear()  # what an earlier round has learned is not to help this one
    test = importlib.import_module(name).test
    lab.note_state()
    said = Explorer(lab, test, Plan(strategy, schedules, seed=seed)).explore()
    took = (lab.failed_at or time.perf_counter()) - began
    lab.rewind()
    note = "complete" if said.complete else said.reason
    if said.found:
        note = f"{said.found[0].failure.kind} {said.found[0].failure.text}"
    return Outcome(said.outcome, lab.runs, took, note[:200])
