"""frontrun 0.7: DPOR or random schedules, its virtual clock, no repeats of a failure."""

from __future__ import annotations

import os
import time
import traceback
from pathlib import Path

os.environ["FRONTRUN_ACTIVE"] = "1"  # what its launcher sets

import frontrun

from peers_explore.models import MODELS
from peers_explore.outcome import FAILS, INCONCLUSIVE, PASSES, Outcome

VERDICTS = {True: PASSES, False: FAILS, None: INCONCLUSIVE}


def explore(name: str, seed: int, schedules: int, strategy: str) -> Outcome:
    model = MODELS[name]
    options = {"strategy": strategy, "clock": "virtual", "reproduce_on_failure": 0}
    if strategy == "dpor":
        options |= {"max_executions": schedules}
    else:
        options |= {"seed": seed, "max_attempts": schedules}
    began = time.perf_counter()
    try:
        found = frontrun.explore(model.setup, list(model.workers), model.holds, **options)
    except Exception as error:
        # An exception of a worker comes out of DPOR as it is: a test would fail of it.
        places = traceback.extract_tb(error.__traceback__)
        ours = places and Path(places[-1].filename).parent.name == "programs"
        note = f"raises {type(error).__name__}: {error}"[:200]
        return Outcome(FAILS if ours else INCONCLUSIVE, 0, time.perf_counter() - began, note)
    took = time.perf_counter() - began
    said = found.inconclusive_reason or (found.explanation or "").strip()
    return Outcome(VERDICTS[found.property_holds], found.num_explored, took, said[:200])
