"""Globs of settings: `*` also matches `/`, a pattern without `/` matches any part of a path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate


class Globs:
    """Compiled patterns. Paths are relative to the folder of the settings, with `/`.

    >>> Globs(["vendor", "tests/*"]).covers("src/vendor/a.py")
    True
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        names: list[str] = []
        paths: list[str] = []
        for pattern in patterns:
            plain = pattern.replace("\\", "/").removeprefix("./").rstrip("/")
            if plain:
                (paths if "/" in plain else names).append(plain)
        anchored = [p.removeprefix("/") for p in paths]
        free = [p.removeprefix("**/") for p in anchored if p.startswith("**/")]
        self._names = _any(names + [p for p in free if "/" not in p])
        self._paths = _any(anchored + [p for p in free if "/" in p])

    def matches(self, path: str) -> bool:
        """Whether the path itself is meant; its folders are not looked at."""
        return bool(
            (self._names and self._names.match(path.rpartition("/")[2]))
            or (self._paths and self._paths.match(path))
        )

    def covers(self, path: str) -> bool:
        """Whether the path or a folder it is in is meant."""
        while path:
            if self.matches(path):
                return True
            path = path.rpartition("/")[0]
        return False


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(translate, patterns))) if patterns else None
