"""Access paths as text, taken apart from the end: `self.items[*].run` is a step on a prefix."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65_536)
def split(path: str) -> tuple[str, str]:
    """The path without its last step, and that step: `()`, `[*]`, `['key']` or an attribute name.

    >>> split("self.items[*]"), split("make().run"), split("self")
    (('self.items', '[*]'), ('make()', 'run'), ('self', ''))
    """
    if path.endswith("()"):
        return path[:-2], "()"
    if path.endswith("]"):
        start = path.rfind("[")
        return path[:start], path[start:]
    prefix, dot, last = path.rpartition(".")
    return (prefix, last) if dot else (path, "")


@lru_cache(maxsize=65_536)
def root(path: str) -> str:
    """The first name of a path.

    >>> root("self.items[*].x")
    'self'
    """
    for end, char in enumerate(path):
        if char in ".([":
            return path[:end]
    return path


def join(base: str, step: str) -> str:
    """`base` and one attribute step."""
    return f"{base}.{step}" if base else step
