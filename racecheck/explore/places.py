"""Where the user's code stands, as schedules write it: the same on every version of Python."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Final

from racecheck.runtime import pristine
from racecheck.runtime.stacks import is_library, is_ours, shown_path

IMPORTING: Final = "<frozen importlib._bootstrap>"
"""The file of frames that import a module, holding its lock."""


class Places:
    """Places of frames. `covers` says which library code counts as the user's (`trace`)."""

    def __init__(self) -> None:
        self._shown: dict[CodeType, str] = {}
        self._placed: dict[tuple[CodeType, int], str] = {}
        self.covers: Callable[[str], bool] = _nothing

    def here(self, depth: int = 2) -> str:
        """The innermost frame of the user's code, "" if there is none."""
        frame: FrameType | None = pristine.getframe(depth)
        while frame is not None:
            found = self.of(frame)
            if found:
                return found
            frame = frame.f_back
        return ""

    def of(self, frame: FrameType) -> str:
        """The place of one frame, "" if it is not the user's."""
        code = frame.f_code
        shown = self._shown.get(code)
        if shown is None:
            shown = self._shown[code] = self._show(code)
        return self._place(frame, code, shown) if shown else ""

    def importing(self, depth: int = 2) -> bool:
        """Whether the calling thread is importing a module."""
        frame: FrameType | None = pristine.getframe(depth)
        while frame is not None:
            if frame.f_code.co_filename == IMPORTING:
                return True
            frame = frame.f_back
        return False

    def _place(self, frame: FrameType, code: CodeType, shown: str) -> str:
        key = code, frame.f_lasti
        found = self._placed.get(key)
        if found is None:
            found = self._placed[key] = f"{shown}:{frame.f_lineno}"
        return found

    def _show(self, code: CodeType) -> str:
        path = code.co_filename
        if path.startswith("<") or is_ours(path):
            return ""
        return shown_path(path) if self.covers(path) or not is_library(path) else ""


def _nothing(_: str) -> bool:
    return False


places: Final = Places()
