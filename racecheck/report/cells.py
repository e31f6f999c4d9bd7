"""Source text as terminal cells, so that carets stand under the characters they mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

TAB: Final = 4
"""Columns of a tab stop; wider ones push the code out of the window."""

CUT: Final = "..."


def expand(text: str) -> tuple[list[str], list[int]]:
    """(cells, starts): one entry per terminal column, and the first cell of every character.

    A wide character takes two cells, the second one empty; a combining mark joins the cell before
    it; a control character becomes `?`, for source must not be able to steer a terminal.
    """
    cells: list[str] = []
    starts: list[int] = []
    for char in text:
        starts.append(len(cells))
        if char == "\t":
            cells.extend(" " * (TAB - len(cells) % TAB))
        elif unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp"):
            cells.append("?")
        elif unicodedata.combining(char) and cells:
            cells[-1] += char
            starts[-1] = len(cells) - 1
        elif unicodedata.east_asian_width(char) in ("W", "F"):
            cells.extend((char, ""))
        else:
            cells.append(char)
    starts.append(len(cells))
    return cells, starts


def clean(text: str) -> str:
    """Text without control characters."""
    return "".join(expand(text)[0])


def window(cells: Sequence[str], first: int, last: int, room: int) -> tuple[str, int]:
    """(text, shift): at most `room` cells around first..last; cell i is shown at i - shift."""
    if len(cells) <= room:
        return "".join(cells), 0
    if last <= room - len(CUT):
        return "".join(cells[: room - len(CUT)]) + CUT, 0
    start = max(0, min(first - 8, len(cells) - room + len(CUT)))
    body = list(cells[start : start + room - len(CUT)])
    ends = start + room - len(CUT) >= len(cells)
    if not ends:
        body = body[: -len(CUT)]
    return CUT + "".join(body) + ("" if ends else CUT), start - len(CUT)
