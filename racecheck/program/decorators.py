"""What decorators do to a function: locks that they take around it are read from their own body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from racecheck.facts.schema import Region, Value
from racecheck.program import homes, locks, names, types
from racecheck.program.model import Class, Function, Held
from racecheck.program.paths import root
from racecheck.program.tables import Term, ordered
from racecheck.program.tables import of as tables_of

_KNOWN = frozenset(("locked", "synchronized", "synchronised", "with_lock", "lock", "withlock"))
_PLAIN = frozenset(("staticmethod", "classmethod"))


def changes(function: Function) -> bool:
    """May a decorator stand between a call and the body of the function?"""
    return any(decorator.text not in _PLAIN for decorator in function.facts.decorators)


def held(function: Function) -> tuple[Held, ...]:
    """Locks held around every call of a decorated function."""
    found: list[Held] = []
    for value in function.facts.decorators:
        found += _around(function, value)
    return tuple(replace(h, line=function.facts.line, via="decorator") for h in found)


def _around(function: Function, value: Value) -> list[Held]:
    tables = tables_of(function)
    scope = surroundings(function)
    terms = ordered(types.infer(scope, value.text))
    makers = [tables.function(term) for term in terms if term.kind == "function"]
    classes = [tables.project_class(term.name) for term in terms if term.kind == "class"]
    found = list(_by_class(function, (cls for cls in classes if cls is not None)))
    seen_call = False
    for maker in makers:
        if maker is None:
            continue
        for wrapper, call in _wrapped_calls(maker):
            seen_call = True
            for index in wrapper.context(call).held:
                region = wrapper.facts.regions[index]
                found += _translate(function, value, maker, wrapper, region)
    if not found and not seen_call and _named_so(value, terms):
        receiver = tables.receivers.get(function)
        name = "@" + value.text.rpartition(".")[2]
        found.append(homes.unknown(function, f"{receiver.name}.{name}" if receiver else name))
    return found


def _by_class(function: Function, classes: Iterable[Class]) -> Iterator[Held]:
    """A decorator class: its `__call__`, or that of what it makes, holds `instance._lock`."""
    receiver = tables_of(function).receivers.get(function)
    if receiver is None:
        return
    callers: dict[Function, None] = {}
    for cls in classes:
        made = [link.constructs for method in cls.methods.values() for link in method.calls]
        for name in (cls.id, *made):
            other = tables_of(function).project_class(name)
            method = other.find_method("__call__") if other else None
            if method is not None:
                callers[method] = None
    for method in callers:
        for region in method.facts.regions:
            first, dot, attribute = region.path.partition(".")
            if dot and first not in ("self", "cls"):
                held = homes.at(function, f"{receiver.name}.{attribute}")
                if held is not None and held.lock.kind != "unknown":
                    yield held


def _named_so(value: Value, terms: Iterable[Term]) -> bool:
    """A decorator whose body is not known, with one of the usual names."""
    if any(names.name_of(term) in ("", "property") for term in terms if term.kind == "name"):
        return False
    return value.text.rpartition(".")[2].lower().strip("_") in _KNOWN


def _wrapped_calls(maker: Function) -> Iterator[tuple[Function, int]]:
    """Calls of the decorated function: (function that calls it, context of the call)."""
    for decorator in (maker, *maker.nested.values()):
        params = {p.name for p in decorator.facts.params if p.kind == "pos"}
        for wrapper in decorator.nested.values():
            for call in wrapper.facts.calls:
                if call.path in params and call.path not in wrapper.facts.locals:
                    yield wrapper, call.ctx


def _translate(
    function: Function, value: Value, maker: Function, wrapper: Function, region: Region
) -> list[Held]:
    """A region of the wrapper, seen from the decorated function."""
    path = _self_path(function, wrapper, region.path)
    if not path and region.value.kind == "call" and region.value.text == "getattr":
        path = _by_attribute_name(function, value, maker, wrapper, region.value)
    if path:
        found = homes.at(function, path)
        return [found] if found else [homes.unknown(function, path)]
    given = _argument(value, maker, root(region.path))
    if given is not None and given.kind == "path":
        outer = given.text + region.path[len(root(region.path)) :]
        found = homes.at(surroundings(function), outer)
        return [_as_own(function, found)] if found else []
    return list(locks.region(wrapper, region))


def _as_own(function: Function, found: Held) -> Held:
    """A lock named in a class body is an attribute of the class that methods know as `self`."""
    receiver = tables_of(function).receivers.get(function)
    if receiver is not None and found.lock.scope == "instance":
        return replace(found, base=receiver.name)
    return found


def _self_path(function: Function, wrapper: Function, path: str) -> str:
    """`self._lock` of the wrapper, where its first parameter (or `args[0]`) is our `self`."""
    receiver = tables_of(function).receivers.get(function)
    if receiver is None or not path:
        return ""
    for param in wrapper.facts.params[:1]:
        if param.kind == "*" and path.startswith(f"{param.name}[*]."):
            return receiver.name + path[len(param.name) + 3 :]
        if param.kind == "pos" and root(path) == param.name:
            return receiver.name + path[len(param.name) :]
    return ""


def _argument(value: Value, maker: Function, name: str) -> Value | None:
    """What the decorator was called with for its parameter `name`."""
    if value.kind != "call":
        return None
    positional = [p.name for p in maker.facts.params if p.kind == "pos"]
    if name in positional and positional.index(name) < len(value.parts):
        return value.parts[positional.index(name)]
    return None


def _by_attribute_name(
    function: Function, value: Value, maker: Function, wrapper: Function, call: Value
) -> str:
    """`with getattr(self, lock_name):` in the wrapper of `@synchronized("_lock")`."""
    if len(call.parts) < 2:
        return ""
    base, name = call.parts[0], call.parts[1]
    if name.kind == "path":
        name = _argument(value, maker, name.text) or Value("other")
    text = name.text.strip("'\"")
    if name.kind != "const" or not text.isidentifier():
        return ""
    return _self_path(function, wrapper, f"{base.text}.{text}")


def surroundings(function: Function) -> Function:
    """Where the decorators of a function are evaluated."""
    if function.parent is not None and function.cls is None:
        return function.parent
    if function.cls is not None:
        body = function.module.functions.get(f"{function.cls.facts.qualname}.<class>")
        return body or names.scope_of(function)
    return names.scope_of(function)
