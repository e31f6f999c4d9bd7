"""Which source files are traced: the user's own, not the standard library or what is installed."""

# Why strings: asked for every file that is imported, in the user's process.
# ruff: noqa: PTH100, PTH109, PTH118
from __future__ import annotations

import os
from collections.abc import Iterable

from racecheck.runtime.stacks import is_library


class Scope:
    """Built from the setting `trace`: names of packages or modules, or folders and files.

    Empty: every file that belongs neither to the standard library nor to an installed package.
    """

    def __init__(self, trace: Iterable[str] = (), root: str = "") -> None:
        words = list(trace)
        self._root = os.path.abspath(root or os.getcwd())
        self._folders = tuple(
            os.path.abspath(os.path.join(self._root, word)) for word in words if _is_path(word)
        )
        self._names = tuple(word.replace(".", os.sep) for word in words if not _is_path(word))
        self._known: dict[str, bool] = {}

    def covers(self, path: str) -> bool:
        """Whether the source file at `path` is to be traced."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._covers(path)
        return found

    def _covers(self, path: str) -> bool:
        if not path or path.startswith("<"):
            return False
        whole = os.path.abspath(path)
        if not self._folders and not self._names:
            return not is_library(whole)
        stem = whole.removesuffix(".py")
        inside = any(whole == one or whole.startswith(one + os.sep) for one in self._folders)
        return inside or any(
            stem.endswith(os.sep + name) or f"{os.sep}{name}{os.sep}" in whole
            for name in self._names
        )


def _is_path(word: str) -> bool:
    return "/" in word or os.sep in word or word.endswith(".py") or word.startswith(".")
