"""How a library is interposed: classes get other methods, names get other values, all undone later.

Python classes (Event, Queue, Thread) are patched in place, method by method: isinstance,
subclasses, objects made before and names imported elsewhere keep working. Types written in C
(Lock, RLock, SimpleQueue) cannot be patched and are replaced by name, wherever the name stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final, Protocol

from racecheck.runtime.adoption import Make, existing, swap
from racecheck.runtime.arrivals import Arrivals
from racecheck.runtime.locks import INTERNALS

_MISSING: Final = object()


class Interposer(Protocol):
    """One library. `install` may be called once per session; `remove` restores identity."""

    def install(self, patches: Patches) -> None:
        """Replace what is to be watched, through `patches` only."""


class Alias:
    """A value that gets another one wherever a name stands for it, but for where that stood."""

    def __init__(self, original: Any, replacement: Any) -> None:
        self.original = original
        self.replacement = replacement
        self.before: set[tuple[int, str]] = set()


class Patches:
    """Every replacement with its original; `undo` puts all back, last first."""

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any]] = []
        self._names: list[Alias] = []
        self._new: list[Alias] = []
        self._makers: dict[Any, Any] = {}
        self._kinds: dict[type, Make] = {}
        self._gathering = 0
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
        with self.together():
            self._new.append(Alias(original, replacement))

    def adopt(self, makers: Mapping[Any, Any], kinds: Mapping[type, Make]) -> None:
        """Replace these values, and what exists of these kinds, wherever they are referred to."""
        with self.together():
            self._makers.update(makers)
            self._kinds.update(kinds)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Inside, it is only noted what is to be replaced: looking everywhere is dear."""
        self._gathering += 1
        yield
        self._gathering -= 1
        if not self._gathering:
            self._replace_names()
            self._swap()

    def _replace_names(self) -> None:
        new, self._new = self._new, []
        originals = {id(one.original): one for one in new}
        replacements = {id(one.replacement): one for one in new}
        for module, name, value in _named(originals.keys() | replacements.keys()):
            if id(value) in replacements:
                replacements[id(value)].before.add((id(module), name))
            found = value
            while id(found) in originals:
                found = originals[id(found)].replacement
            if found is not value:
                self.value(module, name, found)
        self._names += new

    def _swap(self) -> None:
        makers, self._makers = self._makers, {}
        kinds, self._kinds = self._kinds, {}
        if makers or kinds:
            pairs: list[tuple[Any, Callable[[bool], Any]]] = [
                (maker, lambda _, made=made: made)  # type: ignore[misc]
                for maker, made in makers.items()
            ]
            self._last.append(swap(pairs + existing(kinds)))

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
        self._restore_names()

    def _restore_names(self) -> None:
        replacements = {id(one.replacement): one for one in self._names}
        for module, name, value in _named(replacements):
            found = value
            while (alias := replacements.get(id(found))) is not None:
                if (id(module), name) in alias.before:
                    break
                found = alias.original
            if found is not value:
                setattr(module, name, found)
        self._names.clear()


def dressed(replacement: Any, original: Any) -> Any:
    """`replacement` with the name, doc and signature of `original`."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        if hasattr(original, attribute):
            setattr(replacement, attribute, getattr(original, attribute))
    replacement.__wrapped__ = original
    return replacement


def _named(wanted: Container[int]) -> Iterator[tuple[ModuleType, str, Any]]:
    """Global names that stand for values with these ids."""
    for key, module in list(sys.modules.items()):
        if not isinstance(module, ModuleType) or key.partition(".")[0] == "racecheck":
            continue
        if key in INTERNALS and key != "threading":
            continue
        for name, value in list(vars(module).items()):
            if id(value) in wanted and not (key == "threading" and name.startswith("_")):
                yield module, name, value
