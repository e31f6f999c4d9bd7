"""Members of classes: methods and their overrides, properties, attributes, also inherited."""

from __future__ import annotations

from collections.abc import Iterable

from racecheck.program import types
from racecheck.program.model import Class, Function
from racecheck.program.tables import NOTHING, Tables, Term, Terms, one


def member_of(tables: Tables, term: Term, name: str) -> Terms:
    """What an attribute of an instance, a class or `super()` denotes."""
    cls = tables.project_class(term.name)
    if cls is None:
        return types.outside(tables, f"{term.name}.{name}", term.element)
    if name == "__class__":
        return one("class", cls.id)
    if name == "__dict__":
        return one("instance", "dict")
    if term.kind == "super":
        return _above(tables, cls, name)
    return member(tables, cls, name)


def member(tables: Tables, cls: Class, name: str) -> Terms:
    """What `name` denotes on an instance of `cls` or of one of its subclasses."""
    key = (cls, name)
    found = tables.members.get(key)
    if found is not None:
        return found
    tables.members[key] = NOTHING
    found = tables.members[key] = _member(tables, cls, name)
    return found


def _member(tables: Tables, cls: Class, name: str) -> Terms:
    found: set[Term] = set()
    declared = False
    for base in cls.mro:
        method = base.methods.get(name)
        if method is not None and not declared:
            found |= _method(tables, method, (cls, *cls.subclasses))
            declared = True
        inner = base.module.classes.get(f"{base.facts.qualname}.{name}")
        if inner is not None:
            found |= one("class", inner.id)
        if name in tables.stores.get(base, ()):
            declared = True
            found |= attribute(tables, base, name)
    if not declared and not found:
        found |= _below(tables, cls, name) or _beyond(tables, cls, name)
    return frozenset(found)


def _method(tables: Tables, method: Function, classes: Iterable[Class]) -> set[Term]:
    """A method and its overrides in the classes below, or the result of a property."""
    name = method.name
    found = {method: None}
    for cls in classes:
        if name in cls.methods:
            found[cls.methods[name]] = None
    terms: set[Term] = set()
    for function in found:
        if types.is_property(function):
            terms |= types.returned(tables, function)
        else:
            terms |= one("function", function.id)
    return terms


def _below(tables: Tables, cls: Class, name: str) -> set[Term]:
    """A mixin or an abstract class: the member comes from the classes below."""
    found: set[Term] = set()
    for sub in cls.subclasses:
        if name in sub.methods:
            found |= _method(tables, sub.methods[name], ())
        if name in tables.stores.get(sub, ()):
            found |= attribute(tables, sub, name)
    return found


def _beyond(tables: Tables, cls: Class, name: str) -> set[Term]:
    """A member that a base outside the project has."""
    outside = tables.outside.get(cls, ())
    known = [base for base in outside if f"{base}.{name}" in tables.known]
    for base in (*known, *outside):
        return {Term("name", tables.models.public(f"{base}.{name}"))}
    return set()


def _above(tables: Tables, cls: Class, name: str) -> Terms:
    """`super().name`: from the next class on; a cooperative sibling below is not looked for."""
    for base in cls.mro[1:]:
        if name in base.methods:
            return frozenset(_method(tables, base.methods[name], ()))
        if name in tables.stores.get(base, ()):
            return attribute(tables, base, name)
    return frozenset(_beyond(tables, cls, name))


def attribute(tables: Tables, cls: Class, name: str) -> Terms:
    """What the assignments to `name` in this very class say."""
    stores = tables.stores.get(cls, {}).get(name, ())
    return types.stored(tables, stores)[0]
