"""LibCST's native parser, with or without the rest of LibCST.

The parser is one extension module, there in 4 ms. LibCST around it takes 0.2 s to import, most of
it for its dataclasses: a quarter of what lint needs for one edited file, and again in every worker
process. Only syntax errors, positions and the text of what we have no template for need it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import FunctionType, ModuleType
from typing import Any, Final

from racecheck.core import own_threads

_LIBRARY: Final = "libcst"
_NATIVE: Final = "libcst.native"


def native() -> ModuleType:
    """The extension module: alone, unless LibCST is here or another thread might import it now."""
    known = sys.modules.get(_NATIVE)
    if known is None and _LIBRARY not in sys.modules and not own_threads.others():
        known = _alone()
    return known or import_module(_NATIVE)


def _alone() -> ModuleType | None:
    package = find_spec(_LIBRARY)
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec(_NATIVE, places) if places else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    # Why: an import of LibCST later would not know it for its own. (1.8 enters itself.)
    sys.modules.pop(_NATIVE, None)
    return module


def unimporting(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """The parser, called from where an import does nothing.

    Before it makes a node it imports LibCST with the `__import__` of its caller, throws the result
    away and looks into `sys.modules`. LibCST, or a stand-in, must be there. Saves 4 to 6 % of the
    parse (paired, CPython 3.11 and 3.13).
    """

    def call(text: str) -> Any:
        return parse(text)

    nothing = {"__builtins__": {"__import__": "".format}}
    return FunctionType(call.__code__, nothing, closure=call.__closure__)


class StandIn:
    """A namespace in the place of LibCST while the parser runs.

    The parser looks the classes of its nodes up in `sys.modules["libcst"]`, anew for each node.
    LibCST itself is not changed.
    """

    def __init__(self) -> None:
        self.namespace = ModuleType(_LIBRARY)
        # Why: each node is an import, which asks the spec whether the module is complete. Without
        # one that question fails inside CPython 3.11 and takes a fifth of the parse.
        self.namespace.__spec__ = find_spec(_LIBRARY)
        self._library: ModuleType | None = None

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """No other thread may import LibCST meanwhile."""
        self._library = sys.modules.get(_LIBRARY)
        sys.modules[_LIBRARY] = self.namespace
        try:
            yield
        finally:
            if self._library is None:
                del sys.modules[_LIBRARY]
            else:
                sys.modules[_LIBRARY] = self._library

    def library(self) -> ModuleType:
        """LibCST as a whole, also while this stands in for it."""
        if sys.modules.get(_LIBRARY) is not self.namespace:
            return import_module(_LIBRARY)
        if self._library is None:
            del sys.modules[_LIBRARY]
            try:
                self._library = import_module(_LIBRARY)
            finally:
                sys.modules[_LIBRARY] = self.namespace
        return self._library
