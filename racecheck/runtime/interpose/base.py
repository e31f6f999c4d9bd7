"""How a library is interposed: classes get other methods, names get other values, all undone later.

Python classes (Event, Queue, Thread) are patched in place, method by method: isinstance,
subclasses, objects made before and names imported elsewhere keep working. Types written in C
(Lock, RLock, SimpleQueue) cannot be patched and are replaced by name, wherever the name stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final, Protocol

from racecheck.runtime.arrivals import Arrivals
from racecheck.runtime.locks import INTERNALS

_MISSING: Final = object()


class Interposer(Protocol):
    """One library. `install` may be called once per session; `remove` restores identity."""

    def install(self, patches: Patches) -> None:
        """Replace what is to be watched, through `patches` only."""


class Patches:
    """Every replacement with its original; `undo` puts all back, last first."""

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any]] = []
        self._names: list[tuple[Any, Any, set[tuple[int, str]]]] = []
        self._arrivals = Arrivals()
        self._last: list[Callable[[], None]] = []

    def method(self, owner: type, name: str, make: Callable[[Any], Any]) -> None:
        """Replace `owner.name` by `make(original)`, which keeps its name, doc and signature."""
        self.value(owner, name, dressed(make(getattr(owner, name)), getattr(owner, name)))

    def function(self, module: ModuleType, name: str, make: Callable[[Any], Any]) -> None:
        """The same for a function of a module, under every name that it has been imported by."""
        original = getattr(module, name)
        replacement = dressed(make(original), original)
        self.value(module, name, replacement)
        self.everywhere(original, replacement)

    def value(self, owner: Any, name: str, replacement: Any) -> None:
        """Replace one attribute of a class or module."""
        self._done.append((owner, name, vars(owner).get(name, _MISSING)))
        setattr(owner, name, replacement)

    def everywhere(self, original: Any, replacement: Any) -> None:
        """Replace a value under every global name that stands for it, in all modules but ours."""
        before = {(id(module), name) for module, name in _aliases(replacement)}
        self._names.append((original, replacement, before))
        for module, name in list(_aliases(original)):
            self.value(module, name, replacement)

    def when_imported(self, name: str, install: Callable[[ModuleType], None]) -> None:
        """Call `install` with the module: now if it is loaded, else as soon as it is."""
        self._arrivals.when(name, install)

    def finally_(self, restore: Callable[[], None]) -> None:
        """Something else to do before all is restored; what was added last comes first."""
        self._last.append(restore)

    def undo(self) -> None:
        """Restore everything, under names that were imported meanwhile as well."""
        self._arrivals.stop()
        while self._last:
            self._last.pop()()
        while self._done:
            owner, name, original = self._done.pop()
            if original is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        while self._names:
            original, replacement, before = self._names.pop()
            for module, name in list(_aliases(replacement)):
                if (id(module), name) not in before:
                    setattr(module, name, original)


def dressed(replacement: Any, original: Any) -> Any:
    """`replacement` with the name, doc and signature of `original`."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        if hasattr(original, attribute):
            setattr(replacement, attribute, getattr(original, attribute))
    replacement.__wrapped__ = original
    return replacement


def _aliases(original: Any) -> Iterator[tuple[ModuleType, str]]:
    for key, module in list(sys.modules.items()):
        if not isinstance(module, ModuleType) or key.partition(".")[0] == "racecheck":
            continue
        if key in INTERNALS and key != "threading":
            continue
        for name, value in list(vars(module).items()):
            if value is original and not (key == "threading" and name.startswith("_")):
                yield module, name
