"""Tables by source file, kept by what the file holds."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from racecheck.runtime.analysis.table import Table, analyse, base_of

KEPT: Final = 2_000
"""Tables that are kept."""

_tables: Final[dict[tuple[str, int], Table | None]] = {}


def table_of(
    path: str, content: bytes | None = None, is_main: bool = False, *, notes: bool = True
) -> Table | None:
    """The table of a source file, None if it cannot be read or parsed (arguments: `analyse`)."""
    if content is None:
        try:
            content = Path(path).read_bytes()
        except OSError:
            return None
    key = path, base_of(path, content, is_main, notes)
    if key not in _tables:
        if len(_tables) >= KEPT:
            _tables.clear()
        _tables[key] = _made(path, content, is_main, notes)
    return _tables[key]


def _made(path: str, content: bytes, is_main: bool, notes: bool) -> Table | None:
    try:
        tree = ast.parse(content, path)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return analyse(tree, path, content, is_main, notes=notes)
