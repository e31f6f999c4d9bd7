"""What an adapter answers."""

from __future__ import annotations

from dataclasses import dataclass

FAILS, PASSES, INCONCLUSIVE = "fails", "passes", "inconclusive"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One exploration: its verdict, how many schedules were run for it, and in which time.

    `seconds`: up to the first schedule that fails, or all of it. No tool's repeats of a failure,
    shrinking or report are counted.
    """

    verdict: str
    schedules: int
    seconds: float
    note: str = ""
