"""Where objects were made: noted by the constructors of rewritten code, asked for by reports.

Nothing is kept alive for it. An entry is found by id and believed only for the same class; the next
object that is made at the same address takes its place.
"""

from __future__ import annotations

from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.stacks import Stack, capture

BIRTHS: Final = 100_000
"""Entries kept; then they are noted anew."""

DEPTH: Final = 4
"""Frames kept from the caller of `__init__` on: base classes call each other's."""

_births: Final[dict[int, tuple[str, Stack]]] = {}


def made(value: Any) -> None:
    """`value` is being made: called first thing in its `__init__`."""
    if len(_births) >= BIRTHS:
        _births.clear()
    _births[id(value)] = type(value).__name__, capture(pristine.getframe(2), DEPTH)


def birth_of(number: int, kind: str) -> Stack:
    """Where the object of this id and class was made, without constructors; () if nobody knows."""
    name, stack = _births.get(number, ("", ()))
    if name != kind:
        return ()
    return tuple(one for one in stack if one[0].co_name not in ("__init__", "__call__"))


def remember(value: Any, stack: Stack) -> None:
    """`value` stands for an object that was made there, in a run that is replayed."""
    _births[id(value)] = type(value).__name__, stack


def forget() -> None:
    """A new session begins."""
    _births.clear()
