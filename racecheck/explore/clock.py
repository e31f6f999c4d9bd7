"""Virtual time: it stands still while anybody can go on, and then jumps to the next deadline."""

from __future__ import annotations

from typing import Final

from racecheck.runtime import pristine

TICK: Final = 1e-6
"""Seconds that pass each time somebody asks for the time, so that a loop that waits for it ends."""


class Clock:
    """Seconds since the run began, and what the program's own clocks say."""

    def __init__(self) -> None:
        self.now = 0.0
        self.began = pristine.monotonic()

    def reset(self) -> None:
        """A run begins: every run begins at the same moment."""
        self.now = 0.0

    def ask(self) -> float:
        """The time, for the program: somebody who asks over and over sees it pass."""
        self.now += TICK
        return self.now

    def jump(self, deadline: float) -> None:
        """Nobody can go on before `deadline`."""
        self.now = max(self.now, deadline)
