"""Together with pytest: its assertion rewriting comes first, ours sees the tree that it made.

pytest caches what it compiles, so the modules bring their sites themselves (`load_first`), and the
cache has a name of its own while we are here.
"""

from __future__ import annotations

import ast
import sys
from typing import Any, Final

from racecheck.runtime.analysis import analyse
from racecheck.runtime.backends.base import Scope
from racecheck.runtime.hooks import hooks
from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.rewriter import load_first, note_births, rewrite
from racecheck.runtime.rewriting.stored import pack

_MODULE: Final = "_pytest.assertion.rewrite"


class PytestHook:
    """Installed while we watch, if pytest is there."""

    def __init__(self, scope: Scope, tag: str) -> None:
        self._scope = scope
        self._tag = tag
        self._originals: tuple[Any, str] | None = None

    def install(self) -> None:
        """Rewrite what pytest rewrites, after it."""
        module: Any = sys.modules.get(_MODULE)
        if module is None or self._originals is not None:
            return
        self._originals = module.rewrite_asserts, module.PYC_TAIL
        original = module.rewrite_asserts

        def rewrite_asserts(
            tree: ast.Module, source: bytes, path: str | None = None, *rest: Any, **names: Any
        ) -> None:
            original(tree, source, path, *rest, **names)
            if path is not None and self._scope.covers(path):
                told(tree, path, source)

        module.rewrite_asserts = rewrite_asserts
        module.PYC_TAIL = self._tag + module.PYC_TAIL

    def remove(self) -> None:
        """As it was."""
        module: Any = sys.modules.get(_MODULE)
        if module is not None and self._originals is not None:
            module.rewrite_asserts, module.PYC_TAIL = self._originals
        self._originals = None


def told(tree: ast.Module, path: str, source: bytes) -> None:
    """Insert the sites of a test module; a failure of ours leaves it as it is."""
    try:
        table = analyse(tree, path, source, notes=gate.notes())
    except Exception as error:
        hooks.failures.append(f"rewriting {path}: {type(error).__name__}: {error}")
        return
    rewrite(table)
    note_births(tree)
    if table.sites:
        load_first(tree, pack(table.base, table.sites))
