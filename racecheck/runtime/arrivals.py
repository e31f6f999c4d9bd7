"""Do something to a module as soon as it has been imported, without importing it for that.

What nobody uses is not loaded: `multiprocessing` and `asyncio` would cost more than the rest of us.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Action = Callable[[ModuleType], None]


class Arrivals:
    """A finder that finds nothing of its own; it stands first in `sys.meta_path`."""

    def __init__(self) -> None:
        self._wanted: dict[str, list[Action]] = {}

    def when(self, name: str, action: Action) -> None:
        """Call `action` with the module: now if it is there, else once it is."""
        module = sys.modules.get(name)
        if module is not None and not _is_loading(module):
            action(module)
            return
        self._wanted.setdefault(name, []).append(action)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._wanted.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that another finder has, its loader told to call us afterwards."""
        if name not in self._wanted:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None
            if finder is not self and find is not None:
                spec = find(name, path, target)
            if spec is not None:
                self._follow(spec.loader, name)
                return spec
        return None

    def _follow(self, loader: Any, name: str) -> None:
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module
            execute(module)
            for action in self._wanted.pop(name, ()):
                action(module)

        loader.exec_module = exec_module


def _is_loading(module: ModuleType) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))
