"""Functions at whose entry no signal handler runs.

The interpreter looks for signals when a Python function is entered. A handler that raises there, at
the entry of a lock's `__exit__`, would leave the lock held for ever; with the original, written in
C, that cannot happen. The operand of the instruction at the entry says whether to look (not, if a
generator goes on with a `yield from`), so another operand is all it takes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from opcode import opmap
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_KNOWN: Final = (3, 11) <= sys.version_info < (3, 15)
_YIELD_FROM: Final = 2


def undisturbed(function: F) -> F:
    """The same function; where the trick is not known to work, as it was."""
    made: Any = function
    code = bytearray(made.__code__.co_code)
    if _KNOWN and code[0] == opmap["RESUME"] and code[1] == 0:
        code[1] = _YIELD_FROM
        made.__code__ = made.__code__.replace(co_code=bytes(code))
    return function
