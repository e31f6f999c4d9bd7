"""What callers pass for parameters without annotation: constructors, private and nested functions.

Public functions are left alone: callers outside the project may pass anything, and one test double
would decide for all of them. One round is made; what arguments say of other arguments stays
unknown.
"""

from __future__ import annotations

from racecheck.facts.schema import Value
from racecheck.program import calls, types, values
from racecheck.program.model import Function, Link
from racecheck.program.tables import Tables, Terms

MAX_TYPES = 4
"""Types of one parameter above which nothing is said."""

_TELLING = frozenset(("path", "call", "lambda", "or", "list", "dict", "set"))


def collect(tables: Tables) -> bool:
    """Fill `Tables.arguments`; True when something was learned."""
    for function in tables.program.functions.values():
        if not function.callers or not _is_closed(function):
            continue
        open_names = {p.name for p in function.facts.params if not p.annotation}
        receiver = tables.receivers.get(function)
        open_names.discard(receiver.name if receiver else "")
        if open_names:
            _collect(tables, function, open_names)
    return bool(tables.arguments)


def _is_closed(function: Function) -> bool:
    """Are all callers likely to be known?"""
    name = function.name
    return name in ("__init__", "__new__") or name.startswith("_") or function.parent is not None


def _collect(tables: Tables, function: Function, open_names: set[str]) -> None:
    found: dict[str, Terms] = {}
    for link in function.callers:
        if link.implicit or link.caller.module.is_test != function.module.is_test:
            continue
        for name, value in calls.bound_arguments(link, function):
            if name in open_names and value.kind in _TELLING:
                found[name] = found.get(name, frozenset()) | _given(link, value)
    for name, terms in found.items():
        if terms and len(terms) <= MAX_TYPES:
            tables.arguments[function, name] = terms


def _given(link: Link, value: Value) -> Terms:
    if value.kind == "path":
        return types.infer(link.caller, value.text)
    return values.evaluate(link.caller, value, link.call.line)[0]
