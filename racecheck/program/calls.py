"""Calls: which functions each may run, and what is called outside the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from racecheck.facts.schema import Access, Call, Value
from racecheck.program import types, values
from racecheck.program.model import Class, Function, Link
from racecheck.program.paths import split
from racecheck.program.tables import Callee, Tables, Terms, of, ordered

_CONSTRUCTORS = ("__new__", "__init__", "__post_init__", "__attrs_post_init__")


_UNKNOWN = Callee()


def connect(tables: Tables) -> None:
    """Resolve every call of the program, fill in callers, count what is not known."""
    program = tables.program
    linked = unresolved = 0
    known = properties(tables)
    for function in program.functions.values():
        function.callers = []
    for function in program.functions.values():
        function.calls = links(tables, function, known)
        for link in function.calls:
            for target in link.targets:
                target.callers.append(link)
            if link.targets or link.external or link.constructs:
                linked += not link.implicit
            else:
                unresolved += 1
    program.linked, program.unresolved = linked, unresolved


def properties(tables: Tables) -> set[str]:
    """Names of methods that a mere read of an attribute runs."""
    return {
        method.name
        for cls in tables.program.classes.values()
        for method in cls.methods.values()
        if types.is_property(method)
    }


def links(tables: Tables, function: Function, properties: set[str]) -> list[Link]:
    """All calls of a function, those without a call in the text included."""
    memory: dict[str, tuple[Callee, str]] = {}
    links = []
    for call in function.facts.calls:
        path = call.path
        known = memory.get(path)
        if known is None:
            receiver = path.rpartition(".")[0] if path[-1:] not in "])" else ""
            known = memory[path] = resolve(function, path), receiver
        (targets, external, constructs), receiver = known
        links.append(Link(function, call, targets, external, receiver, constructs))
    links += _property_reads(tables, function, properties)
    links += _managers(tables, function)
    return links


def resolve(function: Function, path: str) -> Callee:
    """What a call of `path` would run."""
    return _callee(of(function), types.infer(function, path))


def _callee(tables: Tables, terms: Terms) -> Callee:
    if not terms:
        return _UNKNOWN
    found = tables.callees.get(terms)
    if found is None:
        found = tables.callees[terms] = _resolve(tables, terms)
    return found


def _resolve(tables: Tables, terms: Terms) -> Callee:
    targets: dict[Function, None] = {}
    outside: list[str] = []
    constructs = ""
    for term in ordered(terms):
        if term.kind == "function":
            if target := tables.function(term):
                targets[target] = None
        elif term.kind == "name":
            outside.append(term.name)
        elif term.kind in ("class", "instance"):
            cls = tables.project_class(term.name)
            if cls is None:
                outside += [term.name] if term.kind == "class" else []
            elif term.kind == "class":
                constructs = constructs or cls.id
                targets.update(dict.fromkeys(constructors(cls)))
            elif method := cls.find_method("__call__"):
                targets[method] = None
    external = next((n for n in outside if n in tables.known), outside[0] if outside else "")
    return Callee(tuple(targets), external, constructs)


def constructors(cls: Class) -> Iterator[Function]:
    """The functions that making an instance runs."""
    for name in _CONSTRUCTORS:
        if method := cls.find_method(name):
            yield method


# --- code that runs without a call ------------------------------------------------------------


def _property_reads(tables: Tables, function: Function, properties: set[str]) -> Iterator[Link]:
    kept: dict[str, int] | None = None
    for access in function.facts.accesses:
        prefix, name = split(access.path)
        if name not in properties or access.kind == "write" or access.via == "()":
            continue
        kept = _kept(tables, function) if kept is None else kept
        if kept.get(access.path, access.seq) < access.seq:
            continue
        getters = tuple(_getters(tables, types.infer(function, prefix), name))
        if getters:
            yield _implicit(function, access, getters, prefix, "property")


def _kept(tables: Tables, function: Function) -> dict[str, int]:
    """Paths that are in a local from then on: after `x = self.prop` a use of `x` reads as one of
    `self.prop` and runs nothing.
    """
    found: dict[str, int] = {}
    for path, stores in types.stores_of(tables, function).items():
        for store in stores if path.isidentifier() else ():
            value = store.value
            if store.kind == "write" and value is not None and value.kind == "path":
                found[value.text] = min(store.seq, found.get(value.text, store.seq))
    return found


def _getters(tables: Tables, terms: Terms, name: str) -> Iterator[Function]:
    for term in ordered(terms):
        cls = tables.project_class(term.name) if term.kind == "instance" else None
        if cls is None:
            continue
        found = [cls.find_method(name), *(sub.methods.get(name) for sub in cls.subclasses)]
        yield from (m for m in dict.fromkeys(found) if m is not None and types.is_property(m))


def _managers(tables: Tables, function: Function) -> Iterator[Link]:
    for region in function.facts.regions:
        if not region.how.endswith("with"):
            continue
        path = region.path
        for term in ordered(types.infer(function, path)):
            cls = tables.project_class(term.name) if term.kind == "instance" else None
            if cls is None:
                continue
            where = _entrance(function, path, region.line)
            names_ = (
                ("__aenter__", "__aexit__")
                if region.how == "async with"
                else ("__enter__", "__exit__")
            )
            for name, how in zip(names_, ("enter", "exit"), strict=True):
                if where is not None and (method := cls.find_method(name)):
                    yield _implicit(function, where, (method,), path, how)


def _entrance(function: Function, path: str, line: int) -> Access | Call | None:
    """The operation that evaluates the manager of a `with` on this line."""
    if path.endswith("()"):
        return values.call_at(function, path[:-2], line)
    return next((a for a in function.facts.accesses if a.line == line and a.path == path), None)


def _implicit(
    function: Function, at: Access | Call, targets: tuple[Function, ...], path: str, how: str
) -> Link:
    name = "" if how == "property" else f".__{how}__"
    call = Call(at.seq, (at.path if how == "property" else path) + name, at.line, at.ctx)
    return Link(function, call, targets, "", path, "", how)


# --- functions as values ----------------------------------------------------------------------


def callables(function: Function, value: Value, line: int = 0) -> tuple[Function, ...]:
    """The project functions that run when `value` is called."""
    tables = of(function)
    return _callee(tables, values.evaluate(function, value, line)[0]).targets


def argument(call: Call, position: int, keyword: str) -> Value | None:
    """The argument of a call that is given by keyword or by position."""
    if keyword:
        for name, value in call.keywords:
            if name == keyword:
                return value
    if 0 <= position < len(call.args) and not call.starred:
        return call.args[position]
    return None


def bound_arguments(caller: Function, call: Call, target: Function) -> Iterable[tuple[str, Value]]:
    """Parameter names of `target` and the arguments that a call of it gives them."""
    params = [p for p in target.facts.params if p.kind in ("pos", "kw")]
    positional = [p.name for p in params if p.kind == "pos"]
    if binds_receiver(caller, call.path, target):
        positional = positional[1:]
    if not call.starred:
        yield from zip(positional, call.args, strict=False)
    known = {p.name for p in params}
    for name, value in call.keywords:
        if name in known:
            yield name, value


def binds_receiver(caller: Function, path: str, target: Function) -> bool:
    """Does the path bind the first parameter? (`Base.run(self)` passes it by hand.)"""
    receiver = of(target).receivers.get(target)
    if target.cls is None or receiver is None:
        return False
    prefix, last = split(path)
    if receiver.is_class or not last.isidentifier() or last != target.name:
        return True
    return not any(term.kind == "class" for term in types.infer(caller, prefix))
