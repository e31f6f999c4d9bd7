"""The backend that rewrites: sites are calls in the code itself. The fastest, and the default."""

from __future__ import annotations

import sys
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
        if gate.set_open in threads.on_gate:
            threads.on_gate.remove(gate.set_open)
        for one in (self._importer, self._pytest):
            if one is not None:
                one.remove()
        self._importer = self._pytest = None

    def limits(self) -> list[str]:
        """Modules that came too early."""
        if not self._before:
            return []
        shown = ", ".join(self._before[:SHOWN])
        more = len(self._before) - SHOWN
        rest = f" and {more} more" if more > 0 else ""
        return [f"imported before watching began, so accesses in them were not seen: {shown}{rest}"]


def _imported(scope: Scope) -> list[str]:
    """Modules of the scope that are loaded already."""
    found = []
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        if name != "__main__" and isinstance(path, str) and path.endswith(".py"):
            if scope.covers(path):
                found.append(name)
    return found
