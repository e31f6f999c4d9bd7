"""Functions that leave as values: whoever calls them, and holding what, is not known."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.facts.schema import Access, Call, Value
from racecheck.program import decorators, names, types, values
from racecheck.program.model import Function, Link
from racecheck.program.tables import Tables

_IN_PLACE = frozenset(
    ("sorted", "min", "max", "map", "filter", "list.sort", "functools.reduce", "any", "all")
)
_NEUTRAL_ROOTS = {
    "property",
    "staticmethod",
    "classmethod",
    "functools",
    "contextlib",
    "abc",
    "typing",
} | {"dataclasses", "typing_extensions", "override", "enum", "warnings"}
_HARMLESS = frozenset(("compare", "()", "arg", "snapshot", "len"))


def connect(tables: Tables) -> None:
    """Fill in `Function.escapes`; calls that sorted(), map() and the like make are linked."""
    functions = tables.program.functions
    interesting = {f.name for f in functions.values() if not f.name.startswith("<")}
    for function in list(functions.values()):
        for link in list(function.calls):
            if link.call.args or link.call.keywords:
                _arguments(tables, link, interesting)
        for value, line in _stored(function, interesting):
            _mark(tables, function, value, line)
        if function.facts.decorators and _is_registered(tables, function):
            function.escapes = True


def _arguments(tables: Tables, link: Link, interesting: set[str]) -> None:
    call = link.call
    found = [v for v in call.args if _may_be_function(link.caller, v, interesting)]
    for _, value in call.keywords:
        if _may_be_function(link.caller, value, interesting):
            found.append(value)
    if not found or _is_entry(tables, link):
        return
    for value in found:
        if link.external in _IN_PLACE:
            _call_in_place(tables, link, value)
        else:
            _mark(tables, link.caller, value, call.line)


def _may_be_function(function: Function, value: Value, interesting: set[str]) -> bool:
    """A cheap look: a name that some function has and that is no variable here, or a lambda."""
    kind = value.kind
    if kind == "path":
        name = value.text.rpartition(".")[2]
        if name not in interesting:
            return False
        facts = function.facts
        is_variable = name in facts.locals and name not in function.nested
        return name != value.text or not is_variable or facts.name in ("<module>", "<class>")
    if kind in ("list", "tuple", "or"):
        return any(_may_be_function(function, part, interesting) for part in value.parts)
    return kind == "lambda"


def _is_entry(tables: Tables, link: Link) -> bool:
    """Is the call modelled, so that its argument is an entry or runs on a known thread?"""
    models = tables.models
    name = link.external.removesuffix(".__init__")
    if name in models.entries or name in models.offload or name in models.to_loop:
        return True
    cls = tables.program.classes.get(link.constructs)
    return cls is not None and any(base in models.entries for base in tables.outside[cls])


def _call_in_place(tables: Tables, link: Link, value: Value) -> None:
    targets = _functions(tables, link.caller, value, link.call.line)
    if targets:
        call = Call(link.call.seq, value.text, link.call.line, link.call.ctx)
        made = Link(link.caller, call, tuple(targets), implicit="callback")
        link.caller.calls.append(made)
        for target in targets:
            target.callers.append(made)


def _stored(function: Function, interesting: set[str]) -> Iterator[tuple[Value, int]]:
    """Values that are stored or returned, and methods read as values."""
    for access in function.facts.accesses:
        value = access.value
        if value is not None:
            if _may_be_function(function, value, interesting):
                yield value, access.line
        elif access.kind == "read" and _is_taken(access, interesting):
            yield Value("path", access.path), access.line
    for point in function.facts.points:
        value = point.value if point.kind in ("return", "yield") else None
        if value is not None and _may_be_function(function, value, interesting):
            yield value, point.line


def _is_taken(access: Access, interesting: set[str]) -> bool:
    if access.via in _HARMLESS or access.via.startswith("."):
        return False
    return access.path.rpartition(".")[2] in interesting


def _mark(tables: Tables, function: Function, value: Value, line: int) -> None:
    for target in _functions(tables, function, value, line):
        target.escapes = True


def _functions(
    tables: Tables, function: Function, value: Value, line: int
) -> Iterator[Function] | list[Function]:
    if value.kind not in ("path", "lambda", "or", "list", "tuple"):
        return []
    found: list[Function] = []
    parts = value.parts if value.kind in ("list", "tuple") else (value,)
    for part in parts:
        if part.kind not in ("path", "lambda", "or"):
            continue
        for term in values.evaluate(function, part, line)[0]:
            target = tables.function(term) if term.kind == "function" else None
            if target is not None:
                found.append(target)
    return found


def _is_registered(tables: Tables, function: Function) -> bool:
    """Is there a decorator of unknown effect? It may keep the function and call it later."""
    scope = decorators.surroundings(function)
    for value in function.facts.decorators:
        if value.text.endswith((".setter", ".getter", ".deleter")):
            continue
        found = types.infer(scope, value.text)
        if not found:
            return True
        for term in found:
            name = names.name_of(term)
            strange = term.kind == "name" and name not in tables.models.decorators
            if strange and name.partition(".")[0] not in _NEUTRAL_ROOTS:
                return True
    return False
