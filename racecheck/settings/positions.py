"""On which line of a TOML text a key stands; the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Keys = tuple[str | int, ...]

_PART: Final = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED: Final = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER: Final = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?[ \t]*(?:#.*)?$")
_PAIR: Final = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_TEXT: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.S
)


def line_of(text: str, keys: Keys) -> int:
    """The line (from 1) of the key or its first part, or of the nearest table around it; else 0.

    A number in `keys` counts the elements of an array of tables.

    >>> line_of("[tool.x]\\na = 1\\nb.c = 2", ("tool", "x", "b", "c"))
    3
    """
    best, found = 0, 0
    for number, path in _declarations(text):
        common = min(len(path), len(keys))
        if common > best and path[:common] == keys[:common]:
            best, found = common, number
    return found


def _declarations(text: str) -> Iterator[tuple[int, Keys]]:
    """Line and full path of every table header and key outside of values."""
    table: Keys = ()
    counts: dict[Keys, int] = {}
    depth = 0
    pairs = zip(text.split("\n"), _without_strings(text), strict=True)
    for number, (line, blank) in enumerate(pairs, 1):
        if depth <= 0 and blank.strip():
            if header := _HEADER.match(line):
                table = _table(header, counts)
                yield number, table
                continue
            if pair := _PAIR.match(line):
                yield number, table + _parts(pair[1])
        depth += sum(map(blank.count, "[{")) - sum(map(blank.count, "]}"))


def _table(header: re.Match[str], counts: dict[Keys, int]) -> Keys:
    path = _parts(header[2])
    if header[1] == "[":
        last = counts.get(path[:-1])
        return path if last is None else (*path[:-1], last, path[-1])
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _parts(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _without_strings(text: str) -> list[str]:
    """The lines of the text without strings and comments, line breaks kept."""
    return _TEXT.sub(lambda m: "\n" * m[0].count("\n"), text).split("\n")
