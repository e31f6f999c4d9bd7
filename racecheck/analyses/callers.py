"""Who calls a function, as far as it says something of the program in use."""

from __future__ import annotations

from racecheck.program.model import Function, Link


def in_use(function: Function) -> list[Link]:
    """Calls of it, but for those of tests."""
    return [link for link in function.callers if not link.caller.module.is_test]


def once_made(function: Function) -> list[Link]:
    """Calls in use of objects that exist: not those of `__init__`."""
    return [link for link in in_use(function) if link.caller.name != "__init__"]


def is_private(function: Function) -> bool:
    """Does its name say that the module alone calls it?"""
    return function.name.startswith("_") and not function.name.endswith("__")
