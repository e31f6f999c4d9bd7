"""What a stored value surely is: true or false, and whether it could be called."""

from __future__ import annotations

from functools import cache
from typing import Final

from racecheck.facts.schema import Access, Value
from racecheck.program import hints, standard, values
from racecheck.program.model import Class, Function
from racecheck.program.tables import Terms, of

_CONTAINERS: Final = frozenset({"list", "dict", "set", "tuple", "comp"})
_FALSE_NUMBERS: Final = frozenset({"0", "0.0", "0j"})


def truth(value: Value | None) -> bool | None:
    """The truth of a value that is a constant or an empty literal; None when it is not known."""
    if value is None:
        return None
    if value.kind in ("list", "dict", "set", "tuple"):
        return bool(value.text)
    if value.kind != "const":
        return None
    text = value.text
    if text in ("None", "False"):
        return False
    if text == "True":
        return True
    if text[:1].isdigit() or text.startswith("-"):
        return text.lstrip("-") not in _FALSE_NUMBERS
    return None


def is_none(value: Value | None) -> bool:
    """Is it the constant None?"""
    return value is not None and value.kind == "const" and value.text == "None"


def surely_not_callable(function: Function, access: Access) -> bool:
    """Is what this assignment stores an object that cannot be called? Unknown: not sure."""
    if access.kind != "write" or access.value is None or access.via not in ("", "="):
        return False
    return _not_callable(function, access.value, access.line)


def _not_callable(function: Function, value: Value, line: int) -> bool:
    if value.kind == "const":
        return value.text != "..."
    if value.kind in _CONTAINERS:
        return True
    if value.kind == "or":
        return all(_not_callable(function, part, line) for part in value.parts)
    if value.kind == "other":
        return value.text == "bool"
    if value.kind == "call":
        terms, sure = values.evaluate(function, value, line)
        return sure and _instances_without_call(function, terms)
    if value.kind == "path":
        terms = _declared(function, value.text)
        return bool(terms) and _instances_without_call(function, terms)
    return False


def _declared(function: Function, name: str) -> Terms:
    """What the annotation of a parameter says; a variable may be anything."""
    for param in function.facts.params:
        if param.name == name and param.kind in ("pos", "kw"):
            return hints.parse(function, param.annotation)
    return frozenset()


def _instances_without_call(function: Function, terms: Terms) -> bool:
    return bool(terms) and all(
        term.kind == "instance" and lacks_call(function, term.name) for term in terms
    )


def lacks_call(function: Function, name: str) -> bool:
    """Is this a known class whose objects can neither be called nor act as descriptors?"""
    cls = of(function).project_class(name)
    if cls is not None:
        return _project_class_lacks_call(cls)
    return _library_class_lacks_call(name)


def _project_class_lacks_call(cls: Class) -> bool:
    if cls.opaque or any(base.facts.metaclass for base in cls.mro):
        return False
    if any(cls.find_method(name) for name in ("__call__", "__get__", "__getattr__")):
        return False
    return all(_library_class_lacks_call(name) for name in cls.externals)


@cache
def _library_class_lacks_call(name: str) -> bool:
    found = standard.library_class(name)
    if found is None or found in (object, type):
        return False
    return not any("__call__" in vars(c) or "__get__" in vars(c) for c in found.__mro__)
