"""racecheck itself: the ordinary test of the program, without state, workers or invariant."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from typing import Any

from peers_explore.outcome import Outcome
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


def explore(name: str, seed: int, schedules: int, strategy: str) -> Outcome:
    rules = Rules()
    options = RuntimeOptions(trace=(str(PROGRAMS),), root=str(PROGRAMS), rules=rules)
    plan = Plan(strategy, schedules, seed=seed)
    began = time.perf_counter()
    with TimedLab(options) as lab:
        test = importlib.import_module(name).test
        lab.note_state()
        said = Explorer(lab, test, plan).explore()
    took = (lab.failed_at or time.perf_counter()) - began
    note = "complete" if said.complete else said.reason
    if said.found:
        note = f"{said.found[0].failure.kind} {said.found[0].failure.text}"
    return Outcome(said.outcome, lab.runs, took, note[:200])
