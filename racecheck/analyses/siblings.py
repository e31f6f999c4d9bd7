"""Subclasses of one base: what runs on objects of one of them runs on no object of the other."""

from __future__ import annotations

from racecheck.program import types
from racecheck.program.model import Class, Function, Link
from racecheck.program.paths import split
from racecheck.program.tables import of


def class_of(function: Function) -> Class | None:
    """The class whose object the function knows as `self`, its own or that of a function around."""
    receiver = of(function).receivers.get(function)
    return receiver.cls if receiver is not None else None


def classes_at(function: Function, path: str) -> list[Class]:
    """The classes of the project that the object at `path` may have, as far as anybody says."""
    tables = of(function)
    found = (tables.project_class(name) for name in sorted(types.of(function, path)))
    return [cls for cls in found if cls is not None]


def class_at(function: Function, path: str) -> Class | None:
    """The class of the object at `path`, of several the one that all others derive from."""
    found = classes_at(function, path)
    return next((cls for cls in found if all(cls in other.mro for other in found)), None)


def meet(one: Class, other: Class) -> Class | None:
    """The narrower of two classes that an object has both; None if no object can."""
    if other in one.mro:
        return one
    if one in other.mro or not set(one.subclasses).isdisjoint(other.subclasses):
        return other
    return None


def related(one: Class, other: Class) -> bool:
    """Is one of the classes the other, or derived from it?"""
    return one in other.mro or other in one.mro


def agree(one: Class | None, other: Class | None) -> bool:
    """Can there be an object of both classes? What is not known agrees with everything."""
    return one is None or other is None or meet(one, other) is not None


def is_own(link: Link) -> bool:
    """Is it a call on the object of the caller?"""
    return link.receiver in ("self", "super()")


def attribute_of(link: Link) -> str:
    """The attribute of the caller's object that a call goes through: `self.listener.stop()`."""
    prefix, name = split(link.receiver)
    return name if prefix == "self" and name.isidentifier() else ""


def may_hold(cls: Class, name: str, held: Class | None) -> bool:
    """May the attribute `name` of an object of `cls` hold an instance of `held`?

    The nearest class that assigns it decides: `self.listener = LISTENER` differs among siblings.
    """
    tables = cls.module.tables
    if not name or held is None or tables is None:
        return True
    home = next((base for base in cls.mro if name in tables.stores.get(base, ())), None)
    if home is None or any(name in tables.stores.get(sub, ()) for sub in cls.subclasses):
        return True
    terms, sure = types.stored(tables, tables.stores[home][name])
    found = [tables.project_class(term.name) for term in terms if term.kind == "instance"]
    return not sure or not found or any(agree(base, held) for base in found)
