"""interleave-test 0.1: random schedules, PCT or bounded DFS."""

from __future__ import annotations

import time

import interleave_test

from peers_explore.models import MODELS
from peers_explore.outcome import FAILS, INCONCLUSIVE, PASSES, Outcome


def explore(name: str, seed: int, schedules: int, strategy: str) -> Outcome:
    model = MODELS[name]

    def run() -> None:
        state = model.setup()
        tasks = [interleave_test.spawn(worker, state) for worker in model.workers]
        for task in tasks:
            task.join()
        assert model.holds(state)

    began = time.perf_counter()
    found = interleave_test.explore(
        run, iterations=schedules, seed=seed, strategy=strategy, timeout=5, raise_on_failure=False
    )
    took = time.perf_counter() - began
    if found.failure is None:
        note = "complete" if found.exhausted else ""
        return Outcome(PASSES, found.schedules_run, took, note)
    verdict = INCONCLUSIVE if found.failure.kind == "hang" else FAILS
    note = f"{found.failure.kind} {type(found.failure.exception).__name__}"
    return Outcome(verdict, found.schedules_run, took, note)
