"""Classes of the standard library, looked at in this interpreter where that is harmless.

Astroid would say the same, after half a second.
"""

from __future__ import annotations

import builtins
from functools import cache
from importlib import import_module
from typing import Final

_PLAIN_MODULES: Final = frozenset(
    {
        "argparse", "array", "asyncio", "cmd", "collections", "configparser", "datetime", "decimal",
        "fractions", "html", "http", "io", "ipaddress", "logging", "multiprocessing", "pathlib",
        "queue", "random", "re", "selectors", "socket", "socketserver", "ssl", "subprocess",
        "threading", "uuid",
    }
)  # fmt: skip
"""Standard modules whose classes may be looked at: importing them does nothing."""

_ONLY_BASES: Final = frozenset({"bdb", "code", "pdb", "unittest", "wsgiref", "xmlrpc"})
"""More such modules, whose classes are asked for their bases only."""


@cache
def library_class(name: str) -> type | None:
    """A builtin or standard class by its qualified name, where importing its module is harmless."""
    module, _, last = name.rpartition(".")
    if not module:
        found = getattr(builtins, last, None)
        return found if isinstance(found, type) else None
    return _member(module, last) if module.partition(".")[0] in _PLAIN_MODULES else None


def _member(module: str, name: str) -> type | None:
    try:
        found = getattr(import_module(module), name, None)
    except ImportError:
        return None
    return found if isinstance(found, type) else None


def knows(name: str) -> bool:
    """Does `ancestors` answer for this module?"""
    top, dot, _ = name.partition(".")
    return bool(dot) and top in _PLAIN_MODULES | _ONLY_BASES


def ancestors(name: str) -> frozenset[str] | None:
    """Qualified names of all bases of a standard class; None when there is no such class."""
    module, _, last = name.rpartition(".")
    cls = _member(module, last)
    if cls is None:
        return None
    above = [base for base in cls.__mro__[1:] if base is not object]
    return frozenset(_qualified(base) for base in above)


def _qualified(cls: type) -> str:
    module = "" if cls.__module__ == "builtins" else f"{cls.__module__}."
    return f"{module}{cls.__qualname__}"
