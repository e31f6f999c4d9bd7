"""What callers pass for parameters without annotation: constructors, private and nested functions.

Public functions are left alone: callers outside the project may pass anything, and one test double
would decide for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.facts.schema import Call
from racecheck.program import calls, types, values
from racecheck.program.model import Class, Function
from racecheck.program.tables import NOTHING, Tables, Terms

MAX_SITES = 24
"""Calls looked at for one parameter; a name that is called more often says nothing."""

MAX_TYPES = 4
"""Types of one parameter above which nothing is said."""

_RELATIVE = ("__init__", "cls")
"""Callees that mean another function in every class; they are indexed by the class as well."""

_TELLING = frozenset(("path", "call", "lambda", "or", "list", "dict", "set"))


def index(tables: Tables) -> None:
    """Index all calls by the last name of the callee."""
    sites = tables.sites
    for function in tables.program.functions.values():
        for call in function.facts.calls:
            if call.args or call.keywords:
                name = call.path.rpartition(".")[2]
                if name in _RELATIVE:
                    name = f"{name} in {function.cls.id}" if function.cls else ""
                sites.setdefault(name, []).append((function, call))


def given(tables: Tables, function: Function, name: str) -> Terms:
    """What the known callers pass for a parameter."""
    if not _is_closed(function):
        return NOTHING
    key = (function, name)
    found = tables.arguments.get(key)
    if found is None:
        tables.arguments[key] = NOTHING
        found = tables.arguments[key] = _given(tables, function, name)
    return found


def _is_closed(function: Function) -> bool:
    """Are all callers likely to be known?"""
    name = function.name
    return name in ("__init__", "__new__") or name.startswith("_") or function.parent is not None


def _given(tables: Tables, function: Function, name: str) -> Terms:
    found: set[Terms] = set()
    for caller, call in _sites(tables, function):
        if caller.module.is_test != function.module.is_test:
            continue
        if function not in calls.resolve(caller, call.path).targets:
            continue
        for parameter, value in calls.bound_arguments(caller, call, function):
            if parameter == name and value.kind in _TELLING:
                found.add(values.evaluate(caller, value, call.line)[0])
    terms = types.union(found)
    return terms if len(terms) <= MAX_TYPES else NOTHING


def _sites(tables: Tables, function: Function) -> Iterator[tuple[Function, Call]]:
    """Calls that may be calls of the function, by name; none when there are too many to look at."""
    names = {function.name}
    if function.cls is not None and function.name in ("__init__", "__new__"):
        names = _constructed_as(function.cls)
    found = [site for name in sorted(names) for site in tables.sites.get(name, ())]
    if len(found) <= MAX_SITES:
        yield from found


def _constructed_as(cls: Class) -> set[str]:
    """Keys of the calls that may run a constructor: of its class, or from related classes."""
    names = {cls.name}
    for sub in (cls, *cls.subclasses):
        if "__init__" not in sub.methods:
            names.add(sub.name)
        names |= {f"{name} in {sub.id}" for name in _RELATIVE}
    return names
