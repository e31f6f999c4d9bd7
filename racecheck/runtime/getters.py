"""What a property returns, as far as its code says so: `return self.a.b`, and nothing else.

Read off the compiled code once, so that the object behind a property is found without running it.
"""

from __future__ import annotations

import dis
from types import CodeType, FunctionType
from typing import Any, Final

_LOADS: Final = frozenset({"LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_FAST_CHECK"})
_RETURNS: Final = frozenset({"RETURN_CONST", "RETURN_GENERATOR"})
_LATER: Final = sum(
    flag
    for flag, name in dis.COMPILER_FLAG_NAMES.items()
    if name in ("GENERATOR", "COROUTINE", "ASYNC_GENERATOR")
)
_LOADS_METHOD: Final = 1 if "LOAD_METHOD" not in dis.opmap else 0
"""The bit by which `LOAD_ATTR` says that a method is to be called (3.12)."""

KEPT: Final = 5_000
"""Getters that are remembered."""

_known: Final[dict[CodeType, tuple[str, ...]]] = {}


def returned(getter: Any) -> tuple[str, ...]:
    """The attributes that lead from the object to what the getter returns; () if nobody knows."""
    if type(getter) is not FunctionType:
        return ()
    code = getter.__code__
    found = _known.get(code)
    if found is None:
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[code] = _read(code)
    return found


def _read(code: CodeType) -> tuple[str, ...]:
    """The one path that every `return` returns."""
    if code.co_argcount != 1 or code.co_flags & _LATER:
        return ()
    own = code.co_varnames[0]
    paths: set[tuple[str, ...]] = set()
    chain: list[str] | None = None
    for one in dis.get_instructions(code):
        if one.is_jump_target:
            # Why: what comes from elsewhere may be something else (`a if b else c`).
            chain = None
        if one.opname in _LOADS:
            chain = [] if one.argval == own else None
        elif one.opname == "LOAD_ATTR" and chain is not None and not _is_method(one):
            chain.append(one.argval)
        elif one.opname == "RETURN_VALUE" or one.opname in _RETURNS:
            paths.add(tuple(chain or ()))
            chain = None
        elif one.opname == "STORE_FAST" and one.argval == own:
            return ()
        elif one.opname not in ("CACHE", "NOP"):
            chain = None
    return paths.pop() if len(paths) == 1 else ()


def _is_method(one: dis.Instruction) -> bool:
    return bool(_LOADS_METHOD and one.arg is not None and one.arg & _LOADS_METHOD)
