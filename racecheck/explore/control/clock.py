"""Virtual time: it stands still while anybody can go on, and then jumps to the next deadline."""

from __future__ import annotations

from typing import Final

TICK: Final = 1e-6
"""Seconds that pass each time somebody asks for the time, so that a loop that waits for it ends."""

FASTEST: Final = 0.01
"""The same in the end, for somebody who does nothing but ask."""


class Clock:
    """Seconds since the run began, and what the program's own clocks say."""

    def __init__(self) -> None:
        self.now = 0.0
        self._tick = TICK
        self._step = -1

    def reset(self) -> None:
        """A run begins: every run begins at the same moment."""
        self.now = 0.0
        self._step = -1

    def ask(self, step: int) -> float:
        """The time, for the program: who asks over and over within one `step` sees it fly."""
        self._tick = min(self._tick * 2, FASTEST) if step == self._step else TICK
        self._step = step
        self.now += self._tick
        return self.now

    def jump(self, deadline: float) -> None:
        """Nobody can go on before `deadline`."""
        self.now = max(self.now, deadline)
