"""What callers pass for parameters: those that call a function, and those that start it elsewhere.

Public functions are asked about only where they are thread targets: other callers outside the
project may pass anything, and one test double would decide for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from racecheck.facts.schema import Call, Value
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
_PARTIALS = frozenset(("functools.partial", "functools.partialmethod"))


class Given(NamedTuple):
    """One argument: who passes it, what, and on which line."""

    caller: Function
    value: Value
    line: int


def index(tables: Tables) -> None:
    """Index all calls by the last name of the callee, and by functions among their arguments."""
    functions = tables.program.functions.values()
    named = {f.name for f in functions if not f.name.startswith("<")}
    for function in functions:
        for call in function.facts.calls:
            if not call.args and not call.keywords:
                continue
            name = call.path.rpartition(".")[2]
            if name in _RELATIVE:
                name = f"{name} in {function.cls.id}" if function.cls else ""
            tables.sites.setdefault(name, []).append((function, call))
            if len(call.args) + len(call.keywords) > 1:
                _index_targets(tables, function, call, named)


def _index_targets(tables: Tables, function: Function, call: Call, named: set[str]) -> None:
    for value in (*call.args, *(value for _, value in call.keywords)):
        if value.kind == "path":
            name = value.text.rpartition(".")[2]
            if name in named:
                tables.starts.setdefault(name, []).append((function, call))


def given(tables: Tables, function: Function, name: str) -> Terms:
    """What the known callers pass for a parameter, as terms."""
    key = (function, name)
    found = tables.arguments.get(key)
    if found is None:
        tables.arguments[key] = NOTHING
        found = tables.arguments[key] = _given(tables, function, name)
    return found


def _given(tables: Tables, function: Function, name: str) -> Terms:
    found: set[Terms] = set()
    for caller, value, line in passed(tables, function, name):
        if value.kind in _TELLING and caller.module.is_test == function.module.is_test:
            found.add(values.evaluate(caller, value, line)[0])
    terms = types.union(found)
    return terms if len(terms) <= MAX_TYPES else NOTHING


def passed(tables: Tables, function: Function, name: str) -> Iterator[Given]:
    """Every known argument for a parameter."""
    if _is_closed(function):
        for caller, call in _callers(tables, function):
            if function in calls.resolve(caller, call.path).targets:
                for parameter, value in calls.bound_arguments(caller, call, function):
                    if parameter == name:
                        yield Given(caller, value, call.line)
    starts = tables.starts.get(function.name, ())
    if len(starts) <= MAX_SITES:
        for caller, call in starts:
            for parameter, value in _started_with(tables, caller, call, function):
                if parameter == name:
                    yield Given(caller, value, call.line)


# --- who calls --------------------------------------------------------------------------------


def _is_closed(function: Function) -> bool:
    """Are all callers likely to be known?"""
    name = function.name
    return name in ("__init__", "__new__") or name.startswith("_") or function.parent is not None


def _callers(tables: Tables, function: Function) -> Iterator[tuple[Function, Call]]:
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


# --- who starts it elsewhere ------------------------------------------------------------------


def _started_with(
    tables: Tables, caller: Function, call: Call, function: Function
) -> Iterator[tuple[str, Value]]:
    """`Thread(target=f, args=(a, b))`, `pool.submit(f, a, b)`, `partial(f, a)`."""
    external = calls.resolve(caller, call.path).external.removesuffix(".__init__")
    if external not in tables.models.entries and external not in _PARTIALS:
        return
    handed = [*call.args, *(value for _, value in call.keywords)]
    target = next((v for v in handed if _is(caller, v, function, call.line)), None)
    if target is None or call.starred:
        return
    positional = [p.name for p in function.facts.params if p.kind == "pos"]
    if calls.binds_receiver(caller, target.text, function):
        positional = positional[1:]
    keywords = dict(call.keywords)
    if "args" in keywords:
        yield from zip(positional, keywords["args"].parts, strict=False)
    elif target in call.args:
        after = call.args[call.args.index(target) + 1 :]
        yield from zip(positional, after, strict=False)


def _is(caller: Function, value: Value, function: Function, line: int) -> bool:
    if value.kind != "path" or value.text.rpartition(".")[2] != function.name:
        return False
    return function in calls.callables(caller, value, line)
