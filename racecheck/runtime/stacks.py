"""Call stacks as `(code, offset)` pairs: cheap to take, resolved to places only in a report."""

# Why strings: no pathlib in the user's process for what `os.path` does.
# ruff: noqa: PTH100, PTH117, PTH120
from __future__ import annotations

import os
from types import CodeType, FrameType
from typing import Final, NamedTuple, TypeAlias

from racecheck.core.place import Place

Stack: TypeAlias = "tuple[tuple[CodeType, int], ...]"
"""Innermost frame first. Offsets are those of `frame.f_lasti`, in bytes."""

DEPTH: Final = 12
"""Frames kept of a stack; enough to leave a library and reach the test that called it."""

_OURS: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STANDARD: Final = os.path.dirname(os.__file__) + os.sep
_PACKAGES: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


class Frame(NamedTuple):
    """One resolved frame: where it is and what it is called (`Ledger.settle`)."""

    path: str
    line: int
    function: str

    @property
    def place(self) -> Place:
        """As the rest of racecheck writes places."""
        return Place(self.path, self.line)


def capture(frame: FrameType | None, depth: int = DEPTH) -> Stack:
    """The stack from `frame` outwards. Frames of racecheck count, but are left out by `frames`."""
    found: list[tuple[CodeType, int]] = []
    for _ in range(depth):
        if frame is None:
            break
        found.append((frame.f_code, frame.f_lasti))
        frame = frame.f_back
    return tuple(found)


def line_of(code: CodeType, offset: int) -> int:
    """The line of an instruction; the first line of the code if the compiler gave it none."""
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            return line
    return code.co_firstlineno


def frames(stack: Stack) -> list[Frame]:
    """The stack without racecheck's own frames and the interpreter's import machinery."""
    return [
        Frame(shown_path(code.co_filename), line_of(code, offset), code.co_qualname)
        for code, offset in stack
        if not code.co_filename.startswith((_OURS, "<frozen"))
    ]


def is_ours(path: str) -> bool:
    """Whether a file is one of racecheck's own."""
    return path.startswith(_OURS)


def users(stack: Stack) -> list[Frame]:
    """The frames of the user's code; if there are none, all."""
    found = [frame for frame in frames(stack) if not is_library(frame.path)]
    return found or frames(stack)


def is_standard(path: str) -> bool:
    """Whether a file belongs to the standard library."""
    whole = os.path.abspath(path)
    return whole.startswith(_STANDARD) and not any(part in whole for part in _PACKAGES)


def is_library(path: str) -> bool:
    """Whether a file belongs to the standard library or to an installed package."""
    whole = os.path.abspath(path)
    return whole.startswith((_STANDARD, _OURS)) or any(part in whole for part in _PACKAGES)


def shown_path(path: str) -> str:
    """Relative to the working directory if it lies below it, as lint prints it."""
    if not os.path.isabs(path):
        return path
    try:
        shown = os.path.relpath(path)
    except (ValueError, OSError):
        return path
    return path if shown.startswith("..") else shown


def callers(stack: Stack) -> tuple[str, ...]:
    """The user's frames above the innermost: `bank/worker.py:12 in settle_all`."""
    above = [frame for frame in users(stack)[1:] if frame.line]
    return tuple(f"{frame.path}:{frame.line} in {frame.function}" for frame in above)
