"""Source lines for reports: read again only for files that have findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from racecheck.source.text import decode

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """Lines as Python counts them: a form feed or U+2028 does not end one."""
    lines = _LINE_END.split(text)
    return lines[:-1] if lines and not lines[-1] else lines


class SourceLines:
    """Gives the lines of a path, () if it cannot be read. `texts` holds what is not on disk."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = texts or {}
        self._read = cache(self._load)

    def __call__(self, path: str) -> Sequence[str]:
        """The lines, without their ends."""
        return self._read(path)

    def _load(self, path: str) -> Sequence[str]:
        if path in self._texts:
            return split_lines(self._texts[path])
        try:
            return split_lines(decode(Path(path).read_bytes()))
        except (OSError, ValueError):
            return ()
