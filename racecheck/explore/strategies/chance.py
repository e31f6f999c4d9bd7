"""Chance that is the same everywhere: on every version of Python, and whatever a test seeds."""

from __future__ import annotations

from typing import Final

_ALL: Final = 0xFFFFFFFFFFFFFFFF
_GOLDEN: Final = 0x9E3779B97F4A7C15


class Chance:
    """The generator SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

    `stream` gives each schedule of a seed a sequence of its own, so that one can be made without
    those before it.
    """

    def __init__(self, seed: int, stream: int = 0) -> None:
        self._state = seed & _ALL
        self._state = self._next() ^ (stream * _GOLDEN & _ALL)

    def _next(self) -> int:
        self._state = state = (self._state + _GOLDEN) & _ALL
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _ALL
        return state ^ (state >> 31)

    def fraction(self) -> float:
        """From 0.0 to below 1.0."""
        return (self._next() >> 11) / (1 << 53)

    def below(self, limit: int) -> int:
        """From 0 to below `limit`."""
        return (self._next() * limit) >> 64
