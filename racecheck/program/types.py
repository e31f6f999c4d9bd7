"""What expressions may denote: access paths step by step, locals, attributes, results of functions.

Everything here answers with sets; the empty set says that nothing is known. Types are evidence from
assignments, annotations and library models, never proof that there is no other value.
"""

from __future__ import annotations

from collections.abc import Iterable

from racecheck.facts.schema import Access
from racecheck.program import arguments, hints, members, names, values
from racecheck.program.model import Function, Module
from racecheck.program.paths import split
from racecheck.program.tables import (
    MAX_DEPTH,
    MAX_TERMS,
    NOTHING,
    Store,
    Tables,
    Term,
    Terms,
    one,
    ordered,
)
from racecheck.program.tables import of as tables_of

_PROPERTIES = frozenset(("property", "abstractproperty", "cached_property", "reify", "lazy"))
MANAGER = "contextlib.AbstractContextManager"


def of(function: Function, path: str) -> frozenset[str]:
    """Qualified types of the objects that `path` may denote in `function`; empty when not known."""
    return frozenset(term.name for term in infer(function, path) if term.kind == "instance")


def elements(function: Function, path: str) -> frozenset[str]:
    """Qualified types of what the container at `path` holds."""
    found = union(term.element for term in infer(function, path))
    return frozenset(term.name for term in found if term.kind == "instance")


def union(parts: Iterable[Terms]) -> Terms:
    """All alternatives together; too many are as good as unknown."""
    found = NOTHING.union(*parts)
    return found if len(found) <= MAX_TERMS else NOTHING


# --- paths ------------------------------------------------------------------------------------


def infer(function: Function, path: str) -> Terms:
    """What `path` may denote in `function`."""
    if not path:
        return NOTHING
    memory = function.memory
    found = memory.get(path)
    if found is not None:
        return found
    tables = tables_of(function)
    if tables.depth > MAX_DEPTH:
        return NOTHING
    memory[path] = NOTHING  # what asks for itself hears that nothing is known
    tables.depth += 1
    try:
        found = memory[path] = _infer(tables, function, path)
    finally:
        tables.depth -= 1
    return found


def _infer(tables: Tables, function: Function, path: str) -> Terms:
    prefix, last = split(path)
    if not last:
        return names.lookup(function, path)
    if last == "()" and prefix in ("super", "type"):
        return _own_class(tables, function, "super" if prefix == "super" else "class")
    base = infer(function, prefix)
    if not base:
        return NOTHING
    if len(base) == 1:
        (term,) = base
        return step(tables, term, last)
    return union(step(tables, term, last) for term in ordered(base))


def _own_class(tables: Tables, function: Function, kind: str) -> Terms:
    """`super()` and `type(self)`; the argument is no part of a path, nearly always it is `self`."""
    receiver = tables.receivers.get(function)
    return one(kind, receiver.cls.id) if receiver else NOTHING


def step(tables: Tables, term: Term, last: str) -> Terms:
    """What one more step on a path leads to."""
    if last == "()":
        return _called(tables, term)
    if last.startswith("["):
        return _item(tables, term)
    if term.kind == "module":
        return names.own_member(tables, tables.program.modules[term.name], last)
    if term.kind == "name":
        return outside(tables, f"{term.name}.{last}", NOTHING)
    if term.kind in ("instance", "class", "super"):
        return members.member_of(tables, term, last)
    return NOTHING


def outside(tables: Tables, name: str, element: Terms) -> Terms:
    """Something outside the project, by its public name."""
    public = tables.models.public(name)
    return frozenset((Term("name", public, element),)) if element else one("name", public)


def _called(tables: Tables, term: Term) -> Terms:
    if term.kind == "class":
        return one("instance", term.name)
    if term.kind == "function":
        function = tables.function(term)
        return returned(tables, function) if function else NOTHING
    if term.kind == "name":
        return values.external_result(tables, term)
    cls = tables.project_class(term.name) if term.kind == "instance" else None
    method = cls.find_method("__call__") if cls else None
    return returned(tables, method) if method else NOTHING


def _item(tables: Tables, term: Term) -> Terms:
    if term.kind == "class":
        return frozenset((term,))
    if term.kind == "name":
        return frozenset((term,)) if values.class_like(tables, term.name) else NOTHING
    if term.element or term.kind != "instance":
        return term.element
    cls = tables.project_class(term.name)
    method = cls.find_method("__getitem__") if cls else None
    return returned(tables, method) if method else NOTHING


# --- stores ----------------------------------------------------------------------------------


def stored(tables: Tables, stores: Iterable[Store]) -> tuple[Terms, bool]:
    """What is stored, and whether all is known. Items put into a container are its elements."""
    found: set[Term] = set()
    element: set[Term] = set()
    sure = True
    for function, access in stores:
        if access.kind == "mutate":
            element |= values.put_in(function, access)
            continue
        terms, known = values.evaluate_store(function, access)
        found |= terms
        sure = sure and known
    if element:
        found = {_holding(term, frozenset(element)) for term in found}
    return (frozenset(found), sure) if len(found) <= MAX_TERMS else (NOTHING, False)


def _holding(term: Term, element: Terms) -> Term:
    if term.kind != "instance" or len(element) > MAX_TERMS:
        return term
    return Term(term.kind, term.name, term.element | element)


def global_variable(tables: Tables, module: Module, name: str) -> Terms:
    """What the assignments to a global say."""
    key = (module.name, name, "=")
    if key in tables.busy:
        return NOTHING
    tables.busy.add(key)
    try:
        return stored(tables, tables.global_stores[module].get(name, ()))[0]
    finally:
        tables.busy.discard(key)


# --- locals -----------------------------------------------------------------------------------


def local(scope: Function, name: str) -> Terms:
    """What a local of `scope` may be."""
    key = "=" + name
    memory = scope.memory
    found = memory.get(key)
    if found is None:
        memory[key] = NOTHING
        found = memory[key] = _local(tables_of(scope), scope, name)
    return found


def _local(tables: Tables, scope: Function, name: str) -> Terms:
    if scope.facts.name == "<class>" and scope.cls is not None:
        return members.member(tables, scope.cls, name)
    found = _parameter(tables, scope, name)
    if nested := scope.nested.get(name):
        found |= one("function", nested.id)
    if cls := scope.module.classes.get(f"{scope.facts.qualname}.{name}"):
        found |= one("class", cls.id)
    if stores := local_stores(tables, scope, name):
        found |= stored(tables, stores)[0]
    return found if len(found) <= MAX_TERMS else NOTHING


def local_stores(tables: Tables, scope: Function, name: str) -> list[Store]:
    """All assignments to a local, those of nested functions with `nonlocal` included."""
    found = [Store(scope, a) for a in stores_of(tables, scope).get(name, ())]
    for nested in scope.nested.values():
        if name in nested.facts.free:
            found += [Store(nested, a) for a in stores_of(tables, nested).get(name, ())]
    return found


def variable_stores(tables: Tables, function: Function, name: str) -> list[Store]:
    """All assignments to the local or global that a bare name denotes in a function."""
    scope = names.binder(function, name)
    if scope is not None:
        return local_stores(tables, scope, name)
    home = names.global_home(tables, function.module, name)
    return tables.global_stores[home[0]].get(home[1], []) if home else []


def stores_of(tables: Tables, function: Function) -> dict[str, list[Access]]:
    """What a function assigns or puts into containers, by path."""
    stores = tables.stores_in.get(function)
    if stores is None:
        stores = tables.stores_in[function] = {}
        for access in function.facts.accesses:
            if values.stores_value(access):
                stores.setdefault(access.path, []).append(access)
    return stores


def _parameter(tables: Tables, function: Function, name: str) -> Terms:
    for index, param in enumerate(function.facts.params):
        if param.name != name:
            continue
        receiver = tables.receivers.get(function)
        if index == 0 and receiver and receiver.name == name and function.cls is not None:
            return one("class" if receiver.is_class else "instance", receiver.cls.id)
        if param.kind in ("*", "**"):
            return one("instance", "tuple" if param.kind == "*" else "dict")
        declared = hints.parse(function, param.annotation)
        return declared or arguments.given(tables, function, name)
    return NOTHING


# --- results ----------------------------------------------------------------------------------


def is_property(function: Function) -> bool:
    """Is the method read like an attribute?"""
    decorators = function.facts.decorators
    return bool(decorators) and any(
        d.text.rpartition(".")[2] in _PROPERTIES or d.text.endswith((".getter", "_property"))
        for d in decorators
    )


def is_manager(function: Function) -> bool:
    """Is this a `@contextmanager` function?"""
    decorators = function.facts.decorators
    return bool(decorators) and any(
        d.text.rpartition(".")[2] in ("contextmanager", "asynccontextmanager") for d in decorators
    )


def returned(tables: Tables, function: Function) -> Terms:
    """What a call of the function gives; a coroutine function gives a coroutine."""
    if function.facts.is_async and not function.facts.is_generator:
        return one("instance", "coroutine")
    return result(tables, function)


def result(tables: Tables, function: Function) -> Terms:
    """What the function returns, or its coroutine when awaited."""
    found = tables.returned.get(function)
    if found is not None:
        return found
    tables.returned[function] = NOTHING
    found = tables.returned[function] = _result(function)
    return found


def _result(function: Function) -> Terms:
    facts = function.facts
    if is_manager(function):
        yields = _given(function, "yield")
        return frozenset((Term("instance", MANAGER, yields),))
    if facts.is_generator:
        return one("instance", "generator")
    return hints.parse(function, facts.returns) or _given(function, "return")


def _given(function: Function, kind: str) -> Terms:
    return union(
        values.evaluate(function, point.value, point.line)[0]
        for point in function.facts.points
        if point.kind == kind and point.value is not None
    )
