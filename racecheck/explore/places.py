"""Where the user's code stands, as schedules write it: the same on every version of Python."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Final

from racecheck.runtime import pristine
from racecheck.runtime.sites import Site
from racecheck.runtime.stacks import is_library, is_ours, shown_path

IMPORTING: Final = "<frozen importlib._bootstrap>"
"""The file of frames that import a module, holding its lock."""


class Code:
    """A code object, kept so that its id stays its own. `shown`: its file, "" if not the user's."""

    __slots__ = ("code", "places", "shown")

    def __init__(self, code: CodeType, shown: str) -> None:
        self.code = code
        self.shown = shown
        self.places: dict[int, str] = {}


class Places:
    """Places of frames. `covers` says which library code counts as the user's (`trace`)."""

    def __init__(self) -> None:
        # Why by id: the hash of a code object goes through all of its instructions.
        self._known: dict[int, Code] = {}
        self.covers: Callable[[str], bool] = _nothing

    def here(self, depth: int = 2) -> str:
        """The innermost frame of the user's code, "" if there is none."""
        return self.within(pristine.getframe(depth))

    def within(self, frame: FrameType | None) -> str:
        """The same of another stack."""
        while frame is not None:
            found = self.of(frame)
            if found:
                return found
            frame = frame.f_back
        return ""

    def of(self, frame: FrameType) -> str:
        """The place of one frame, "" if it is not the user's."""
        code = frame.f_code
        known = self._known.get(id(code))
        if known is None:
            known = self._known[id(code)] = Code(code, self._show(code))
        if not known.shown:
            return ""
        found = known.places.get(frame.f_lasti)
        if found is None:
            found = known.places[frame.f_lasti] = f"{known.shown}:{frame.f_lineno}"
        return found

    def importing(self, depth: int = 2) -> bool:
        """Whether the calling thread is importing a module."""
        frame: FrameType | None = pristine.getframe(depth)
        while frame is not None:
            if frame.f_code.co_filename == IMPORTING:
                return True
            frame = frame.f_back
        return False

    def _show(self, code: CodeType) -> str:
        path = code.co_filename
        if path.startswith("<") or is_ours(path):
            return ""
        return shown_path(path) if self.covers(path) or not is_library(path) else ""


def place_of(site: Site) -> str:
    """Where the statement of a site begins."""
    return f"{shown_path(site.path)}:{site.line}"


def _nothing(_: str) -> bool:
    return False


places: Final = Places()
