"""The backend that rewrites: sites are calls in the code itself. The fastest, and the default."""

from __future__ import annotations

import sys
import zipimport
from types import ModuleType

from racecheck.runtime.backends.base import Scope
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.importer import Importer, tag
from racecheck.runtime.rewriting.pytest_hook import PytestHook
from racecheck.runtime.threads import threads

SHOWN = 5
"""Modules that a limit names."""


class Backend:
    """Rewrites what is imported while it runs."""

    name = "rewrite"

    def __init__(self) -> None:
        self._importer: Importer | None = None
        self._pytest: PytestHook | None = None
        self._before: list[str] = []
        self._zipped: list[str] = []

    def refusal(self) -> str | None:
        """It can be used everywhere."""
        return None

    def start(self, scope: Scope, options: RuntimeOptions) -> None:
        """Rewrite what is imported from now on."""
        gate.install(notes=options.notes)
        self._before = sorted(_imported(scope))
        self._importer = Importer(scope)
        self._importer.install()
        self._pytest = PytestHook(scope, tag())
        self._pytest.install()
        threads.on_gate.append(gate.set_open)
        gate.set_open(threads.open)

    def stop(self) -> None:
        """Import as before; code that was rewritten tells nothing any more."""
        gate.set_open(False)
        if self._importer is not None:
            self._zipped = _in_archives()
        if gate.set_open in threads.on_gate:
            threads.on_gate.remove(gate.set_open)
        for one in (self._importer, self._pytest):
            if one is not None:
                one.remove()
        self._importer = self._pytest = None

    def limits(self) -> list[str]:
        """Modules that came too early, and those that no source file belongs to."""
        found = []
        if self._before:
            early = "imported before watching began, so accesses in them were not seen: "
            found.append(early + _some(self._before))
        if self._zipped:
            packed = "imported from an archive, so accesses in them were not seen: "
            found.append(packed + _some(self._zipped))
        return found


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _in_archives() -> list[str]:
    return sorted(
        name
        for name, module in list(sys.modules.items())
        if isinstance(getattr(module, "__loader__", None), zipimport.zipimporter)
    )


def _imported(scope: Scope) -> list[str]:
    """Modules of the scope that are loaded already."""
    found = []
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        if name != "__main__" and isinstance(path, str) and path.endswith(".py"):
            if scope.covers(path):
                found.append(name)
    return found
