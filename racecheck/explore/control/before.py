"""Threads and processes from before a run: they may do what our agents wait for."""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any, Final

from racecheck.explore.control.abroad import UNKNOWN, children
from racecheck.runtime import pristine

_IDLE: Final = ("concurrent.futures.thread", "_worker")
"""A worker that has no work. What a run submits goes to workers of its own (rewinding/pools.py)."""

_ABOVE: Final = 4
"""Frames between that of a worker and the wait in it."""


class Before:
    """Threads that were started after `ignore` and before the present run, and still live.

    Why not all: what has been there from the start is of pytest, a debugger or a distributor of
    tests, and the program knows nothing of it. The same holds of child processes: `children` are
    those that were there.
    """

    def __init__(self) -> None:
        self._foreign: list[Any] = []
        self._found: list[Any] = []
        self.ignore()

    def ignore(self) -> None:
        """Threads and processes that live now are nothing to the program."""
        self._foreign = list(_living())
        self.children = frozenset(children()) - {UNKNOWN}

    def begin(self) -> None:
        """A run begins, in the calling thread."""
        me = pristine.get_ident()
        foreign = set(map(id, self._foreign))
        self._found = [one for one in _living() if one.ident != me and id(one) not in foreign]

    def now_busy(self) -> str:
        """The same as `busy`, between two runs."""
        self.begin()
        return self.busy()

    def busy(self) -> str:
        """The name of one that lives and is no idle worker; empty if there is none."""
        if not self._found:
            return ""
        living = set(map(id, _living()))
        self._found = [one for one in self._found if id(one) in living]
        frames = sys._current_frames()
        for one in self._found:
            if not _is_idle(frames.get(one.ident)):
                return str(one.name)
        return ""


def _living() -> list[Any]:
    return list(threading._active.values())  # type: ignore[attr-defined]


def _is_idle(frame: FrameType | None) -> bool:
    for _ in range(_ABOVE):
        if frame is None:
            return False
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) == _IDLE:
            return True
        frame = frame.f_back
    return False
