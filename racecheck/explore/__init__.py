"""One thread at a time, and who chooses: schedules of a test, explored, shrunk and replayed."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """`racecheck.explore(function)`: the use case has the name of this package.

    Whoever imports a module of the package makes `racecheck.explore` this package, at any time.
    """

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        # Why not an import: nothing in here may depend on what is above.
        return import_module("racecheck.api").explore(*arguments, **named)


sys.modules[__name__].__class__ = _Package
