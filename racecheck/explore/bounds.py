"""Every bound of an exploration, each with its reason; a bound that is reached is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """`schedules` and `seconds` bound an exploration, the others each run of it.

    `threads`: at once; more are a load test, not a question of order. `steps`: operations that
    others can see; a loop that never ends is met by it. `run_seconds`: real time of one run.
    `away_seconds`: real time that we wait for what we do not control. `notes`: sentences kept about
    what was outside our control.
    """

    schedules: int = 200
    seconds: float = 30.0
    threads: int = 64
    steps: int = 20_000
    run_seconds: float = 10.0
    away_seconds: float = 5.0
    notes: int = 20
