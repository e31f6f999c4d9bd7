"""One line on stderr while a long run goes on; gone before anything else is written."""

from __future__ import annotations

import time
from typing import Final, TextIO

DELAY: Final = 0.5
"""Seconds before anything is shown: most runs end earlier."""


class Progress:
    """Shows the stage. Does nothing unless the stream is a terminal."""

    def __init__(self, stream: TextIO, *, enabled: bool, delay: float = DELAY) -> None:
        self._stream = stream
        self._enabled = enabled
        self._due = time.monotonic() + delay
        self._shown = 0

    def __call__(self, stage: str) -> None:
        """Say what is being done now."""
        if not self._enabled or time.monotonic() < self._due:
            return
        text = f"racecheck: {stage}"[:78]
        self._stream.write(f"\r{text:<{self._shown}}")
        self._stream.flush()
        self._shown = len(text)

    def erase(self) -> None:
        """Leave no trace."""
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0
