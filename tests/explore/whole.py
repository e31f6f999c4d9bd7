"""Explorations of a whole, as tests of loops need them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from racecheck.core.schedule import Schedule
from racecheck.explore.outcome import Run
from racecheck.explore.recording import Recording
from racecheck.explore.strategies.dfs import DepthFirst
from racecheck.explore.strategies.replay import Replay

HOUR = 3600.0


def every(bench: Any, body: Callable[[], Any], schedules: int = 500) -> list[Run]:
    """Depth first, until all is seen."""
    strategy = DepthFirst(schedules=schedules)
    runs = []
    while strategy.begin():
        runs.append(bench.lab.run(strategy, body))
    assert strategy.complete
    return runs


def marks(runs: list[Run]) -> set[str]:
    return {failure.kind for run in runs for failure in run.failures}


def recorded(bench: Any, body: Callable[[], Any]) -> Recording:
    recording = Recording(Replay(Schedule()))
    recording.begin()
    assert not bench.lab.run(recording, body).failures
    return recording
