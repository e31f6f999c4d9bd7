"""Back to the start: what a run left in modules and classes must not decide the next run.

Tests are repeated in one process. A cache that is warm, or a singleton that exists, hides the very
race that is looked for, so the state that can be reached from the traced modules is noted once and
put back before each run: globals, class attributes, the contents of lists, dicts, sets and deques,
attributes of instances of the project's own classes. Objects keep their identity.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from contextvars import Context, ContextVar
from functools import _lru_cache_wrapper
from types import FrameType, FunctionType, ModuleType
from typing import Any, Final

from racecheck.explore.rewinding import keeping
from racecheck.explore.rewinding.keeping import differs
from racecheck.runtime import pristine
from racecheck.runtime.locks import Mutex

OBJECTS: Final = 20_000
"""Objects that are noted; state beyond them stays as a run leaves it, and that is said."""


class Rewinder:
    """Notes the state of modules; `rewind` puts it back. `cut`: there was more than it can note.

    `others`: whether threads that are none of a run live on. `context`: the variables of the thread
    that noted it; they cannot be put back, only used instead of those of later.
    """

    context: Context | None = None

    def __init__(
        self,
        modules: Iterable[ModuleType],
        roots: Iterable[Any] = (),
        others: Callable[[], object] = bool,
        limit: int = OBJECTS,
    ) -> None:
        self.cut = False
        self._limit = limit
        self._restore: list[Callable[[], None]] = []
        self._waits: list[Callable[[], None]] = []
        self._others = others
        self._seen: dict[int, Any] = {}
        modules = list(modules)
        self._names = {module.__name__ for module in modules}
        running = _running()
        for module in modules:
            self._note_names(vars(module), id(vars(module)) in running)
        for root in roots:
            self._note(root)

    def rewind(self) -> None:
        """Put everything back."""
        for restore in self._restore:
            restore()
        if not self._others():
            # Why else not: who waits there, or holds a lock, may be a thread that goes on.
            for restore in self._waits:
                restore()

    def _note_names(self, names: dict[str, Any], running: bool) -> None:
        """The globals of a module; their bindings are left alone while its top level runs."""
        kept = dict(names)

        def restore() -> None:
            if differs(names, kept):
                for name in names.keys() - kept.keys():
                    del names[name]
                names.update(kept)

        if not running:
            self._restore.append(restore)
        for name, value in kept.items():
            if not name.startswith("__"):
                self._note(value)

    def _note(self, root: Any) -> None:
        todo = [root]
        while todo:
            value = todo.pop()
            if id(value) in self._seen:
                continue
            if len(self._seen) >= self._limit:
                self.cut = True
                return
            todo += self._one(value)

    def _one(self, value: Any) -> Iterable[Any]:
        """Note one object; what it leads to."""
        kind = type(value)
        if keeping.is_container(kind):
            return self._keep(value, keeping.container)
        if isinstance(value, type):
            return self._class(value) if value.__module__ in self._names else ()
        if isinstance(value, Mutex):
            self._seen[id(value)] = value
            self._waits.append(lambda: _free(value))
            return ()
        if isinstance(value, _lru_cache_wrapper):
            if getattr(value, "__module__", None) in self._names:
                self._restore.append(value.cache_clear)
            return ()
        if isinstance(value, ContextVar):
            return self._default(value)
        if isinstance(value, (FunctionType, ModuleType)):
            return self._function(value) if isinstance(value, FunctionType) else ()
        if keeping.is_simple_queue(value):
            return self._keep(value, keeping.simple_queue)
        if kind.__module__ in self._names or kind.__module__ in keeping.LIBRARY:
            items: Iterable[Any] = ()
            if isinstance(value, keeping.CONTAINERS):
                items = self._keep(value, keeping.container)
            return [*items, *self._keep(value, keeping.instance)]
        return self._keep(value, keeping.instance) if keeping.is_local(value) else ()

    def _default(self, value: ContextVar[Any]) -> Iterable[Any]:
        """What it holds where nothing was set; there is no other way to it."""
        self._seen[id(value)] = value
        return gc.get_referents(value)

    def _keep(self, value: Any, how: Callable[[Any], keeping.Kept]) -> Iterable[Any]:
        self._seen[id(value)] = value
        restore, found = how(value)
        self._restore.append(restore)
        if isinstance(value, threading.Condition):
            waiters = value._waiters  # type: ignore[attr-defined]
            self._seen[id(waiters)] = waiters
            self._waits.append(keeping.container(waiters)[0])
        return found

    def _class(self, value: type) -> Iterable[Any]:
        self._seen[id(value)] = value
        kept = {
            name: found
            for name, found in vars(value).items()
            if not (name.startswith("__") and name.endswith("__"))
        }

        def restore() -> None:
            now = vars(value)
            for name in [n for n in now if n not in kept and not n.startswith("__")]:
                delattr(value, name)
            for name, found in kept.items():
                if now.get(name) is not found:
                    setattr(value, name, found)

        self._restore.append(restore)
        return [found for found in kept.values() if not isinstance(found, property)]

    def _function(self, value: FunctionType) -> Iterable[Any]:
        """Defaults that are containers, and what a closure of the project keeps."""
        if value.__module__ not in self._names:
            return ()
        self._seen[id(value)] = value
        found: list[Any] = list(value.__defaults__ or ())
        found += list((value.__kwdefaults__ or {}).values())
        for cell in value.__closure__ or ():
            try:
                found.append(cell.cell_contents)
            except ValueError:
                continue
            self._cell(cell)
        return found

    def _cell(self, cell: Any) -> None:
        kept = cell.cell_contents

        def restore() -> None:
            cell.cell_contents = kept

        self._restore.append(restore)


def _free(lock: Any) -> None:
    """Nobody holds it and nobody did; a thread that was given up may have left it held."""
    lock.stamp = None
    if lock.owner is not None:
        lock._at_fork_reinit()
        if hasattr(lock, "depth"):
            lock.depth = 0


def _running() -> set[int]:
    """The globals of modules whose top level is on the stack."""
    found: set[int] = set()
    frame: FrameType | None = pristine.getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            found.add(id(frame.f_globals))
        frame = frame.f_back
    return found
