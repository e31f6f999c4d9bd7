"""Names of the methods that a library calls: nearly all are plain, a few are patterns (`do_*`)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fnmatch import fnmatchcase
from functools import cache

_SPECIAL = frozenset("*?[")


@cache
def matcher(patterns: Collection[str]) -> Callable[[str], bool]:
    """Does a name match any of these patterns?

    >>> [matcher(("run", "do_*"))(name) for name in ("run", "do_GET", "running")]
    [True, True, False]
    """
    plain = frozenset(pattern for pattern in patterns if _SPECIAL.isdisjoint(pattern))
    globs = tuple(pattern for pattern in patterns if pattern not in plain)

    def matches(name: str) -> bool:
        return name in plain or any(fnmatchcase(name, glob) for glob in globs)

    return matches
