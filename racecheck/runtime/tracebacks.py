"""Takes our own frames out of a traceback: the program's is to look as it would without us."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Final

_OURS: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # noqa: PTH100, PTH120


def trim(error: BaseException) -> None:
    """Without our frames: the error itself, its causes, and those of a group."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = trimmed(one.__traceback__)
        left += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            left += one.exceptions


def trimmed(trace: TracebackType | None) -> TracebackType | None:
    """The chain without our frames."""
    kept = [one for one in _chain(trace) if not _is_ours(one)]
    for index, one in enumerate(kept):
        following = kept[index + 1] if index + 1 < len(kept) else None
        if one.tb_next is not following:
            one.tb_next = following
    return kept[0] if kept else None


def _chain(trace: TracebackType | None) -> list[TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found


def _is_ours(trace: TracebackType) -> bool:
    return trace.tb_frame.f_code.co_filename.startswith(_OURS)
