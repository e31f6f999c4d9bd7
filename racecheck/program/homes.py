"""Lock identity: a lock is the place it is stored in, found through aliases and properties."""

from __future__ import annotations

import re
from dataclasses import replace

from racecheck.catalog.models import LockModel
from racecheck.core.place import Place
from racecheck.facts.schema import Value
from racecheck.program import arguments, calls, classes, managers, names, states, types, values
from racecheck.program.model import Class, Function, Held, Lock, Module
from racecheck.program.paths import split
from racecheck.program.tables import Store, Tables, Term, Terms
from racecheck.program.tables import of as tables_of

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LOCK_WORDS = frozenset(
    {"lock", "locks", "rlock", "wlock", "mutex", "mutexes", "cond", "condition", "semaphore", "sem"}
    | {"cv", "locked", "synchronized", "synchronised", "rwlock", "monitor", "flock"}
)


def looks_like_lock(path: str) -> bool:
    """Does the last name of a path say lock? `_conn_lock`, `readMutex`; not `clock`, `block`."""
    last = path.removesuffix("()").rpartition(".")[2].partition("[")[0]
    return any(word.lower() in _LOCK_WORDS for word in _WORDS.findall(last))


def unknown(function: Function, path: str, is_async: bool = False) -> Held:
    """A lock about which only its spelling is known."""
    base = split(path)[0] if "." in path else ""
    name = f"{function.module.name}.{path.removesuffix('()')}"
    receiver = tables_of(function).receivers.get(function)
    if receiver is not None and base == receiver.name:
        name = f"{receiver.cls.id}.{split(path)[1]}"
    return Held(Lock(name, "unknown", None, "instance" if base else "global", is_async), base)


# --- paths ------------------------------------------------------------------------------------


def at(function: Function, path: str) -> Held | None:
    """The lock that a path denotes, as seen from `function`."""
    tables = tables_of(function)
    key = (function, path)
    if key in tables.lock_paths:
        return tables.lock_paths[key]
    busy = (function, path, "lock")
    if not path or busy in tables.busy:
        return None
    tables.busy.add(busy)
    try:
        found = _at(tables, function, path)
    finally:
        tables.busy.discard(busy)
    tables.lock_paths[key] = found
    return found


def _at(tables: Tables, function: Function, path: str) -> Held | None:
    prefix, last = split(path)
    if last == "()":
        return managers.called(function, prefix, None)
    if last.startswith("["):
        return _keyed(tables, function, prefix, path)
    if not last:
        return _bare(tables, function, path)
    owners = types.infer(function, prefix)
    found = {_member(tables, function, owner, prefix, last) for owner in owners}
    known = found - {None}
    if len(known) == 1:
        return known.pop()
    if known or (not found and looks_like_lock(path)):
        return unknown(function, path)
    return None


def _keyed(tables: Tables, function: Function, container: str, path: str) -> Held | None:
    """One lock per key: `self._locks[key]`."""
    element = types.infer(function, path)
    model = lock_model(tables, element)
    if model is None:
        return unknown(function, path) if not element and looks_like_lock(container) else None
    location = states.locate(function, container)
    name = f"{function.module.name}.{function.facts.qualname}.{container}"
    base, scope = "", "local"
    if location is not None:
        state, base = location
        name = f"{state.owner}.{state.name}".replace(":", ".")
        scope = {"attribute": "instance", "class attribute": "class"}.get(state.kind, state.kind)
    lock = _lock(f"{name}[*]", model, "local" if scope == "cell" else scope)
    return Held(replace(lock, many=True), base)


def _member(tables: Tables, function: Function, term: Term, prefix: str, name: str) -> Held | None:
    if term.kind == "module":
        lock = of_global(tables, tables.program.modules[term.name], name)
        return Held(lock) if lock else None
    if term.kind not in ("instance", "class", "super"):
        return unknown(function, f"{prefix}.{name}") if _strange(tables, term, name) else None
    cls = tables.project_class(term.name)
    if cls is None:
        return _of_library(tables, function, term, prefix, name)
    method = cls.find_method(name)
    if method is not None and name not in tables.stores.get(cls, ()):
        if not types.is_property(method):
            return None
        return managers.returned(function, method, prefix, ())
    lock = of_attribute(tables, cls, name)
    if lock is None:
        return None
    return Held(lock, prefix if lock.scope == "instance" else "")


def _strange(tables: Tables, term: Term, name: str) -> bool:
    return term.kind == "name" and looks_like_lock(name)


def _of_library(
    tables: Tables, function: Function, term: Term, prefix: str, name: str
) -> Held | None:
    """An attribute of a library object: `handler.lock`."""
    path = f"{prefix}.{name}"
    declared = tables.models.returns.get(f"{term.name}.{name}", "")
    model = tables.models.locks.get(declared)
    if model is not None:
        return Held(_lock(f"{term.name}.{name}", model, "instance"), prefix)
    return unknown(function, path) if looks_like_lock(name) else None


# --- bare names -------------------------------------------------------------------------------


def _bare(tables: Tables, function: Function, name: str) -> Held | None:
    scope = names.binder(function, name)
    if function.facts.name == "<class>" and function.cls is not None and scope is function:
        lock = of_attribute(tables, function.cls, name)
        return Held(lock) if lock else None
    if scope is None:
        home = names.global_home(tables, function.module, name)
        lock = of_global(tables, *home) if home else None
        if lock is None and home is None and looks_like_lock(name):
            terms = types.infer(function, name)
            return (
                None
                if any(t.kind in ("class", "function") for t in terms)
                else _by_type(tables, function, name, terms)
            )
        return Held(lock) if lock else None
    return _local(tables, scope, name)


def _local(tables: Tables, scope: Function, name: str) -> Held | None:
    stores = types.local_stores(tables, scope, name)
    aliases = [_alias(store) for store in stores]
    if aliases and all(aliases) and len({a.lock for a in aliases if a}) == 1:
        return aliases[0]
    if any(param.name == name for param in scope.facts.params):
        given = _argument(tables, scope, name) if not stores else None
        if given is not None and given.lock.scope != "instance":
            return given
        return _by_type(tables, scope, name, types.local(scope, name))
    made = _by_type(tables, scope, name, types.local(scope, name))
    if made is None:
        return made
    wrapped = wrapped_lock(tables, stores)
    if wrapped is not None:
        return Held(replace(wrapped.lock, wraps=True), wrapped.base)
    return made


def _by_type(tables: Tables, scope: Function, name: str, terms: Terms) -> Held | None:
    """A local or parameter that holds a lock of its own."""
    model = lock_model(tables, terms)
    if model is not None:
        return Held(_lock(f"{scope.module.name}.{scope.facts.qualname}.{name}", model, "local"))
    if terms:
        return managers.of_class(
            tables, terms, f"{scope.module.name}.{scope.facts.qualname}.{name}"
        )
    return unknown(scope, name) if looks_like_lock(name) else None


def _alias(store: Store) -> Held | None:
    """The lock that an assignment gives another name to; a new lock is no alias."""
    value = store.access.value
    if value is None or store.access.via == "for":
        return None
    if value.kind == "path":
        return at(store.function, value.text)
    if value.kind == "call":
        return managers.called(store.function, value.text, value, store.access.line)
    return None


# --- attributes and globals -------------------------------------------------------------------


def of_attribute(tables: Tables, cls: Class, name: str) -> Lock | None:
    """The lock stored in an attribute of a class, None when it holds no lock."""
    owner = classes.owner_of(tables, cls, name)
    key = f"{owner.id}.{name}"
    if key not in tables.lock_homes:
        tables.lock_homes[key] = None
        tables.lock_homes[key] = _of_attribute(tables, owner, name, key)
    return tables.lock_homes[key]


def _of_attribute(tables: Tables, owner: Class, name: str, key: str) -> Lock | None:
    stores = [
        store
        for cls in (owner, *owner.subclasses)
        for store in tables.stores.get(cls, {}).get(name, ())
        if store.access.kind != "mutate"
    ]
    if not stores and name not in tables.stores.get(owner, ()):
        return _undeclared(tables, owner, name, key)
    level = states.is_class_level(tables, owner, name)
    return _stored(tables, stores, key, "class" if level else "instance", name)


def _undeclared(tables: Tables, owner: Class, name: str, key: str) -> Lock | None:
    """Nobody in the project assigns it: it may come from a base outside."""
    outside = tables.outside.get(owner, ())
    for base in outside:
        model = tables.models.locks.get(tables.models.returns.get(f"{base}.{name}", ""))
        if model is not None:
            return _lock(key, model, "instance")
    strange = owner.opaque or bool(outside) or not owner.find_method(name)
    return Lock(key, "unknown", None, "instance") if strange and looks_like_lock(name) else None


def of_global(tables: Tables, module: Module, name: str) -> Lock | None:
    """The lock stored in a global, None when it holds no lock."""
    home = names.global_home(tables, module, name)
    if home is None:
        return None
    module, name = home
    key = f"{module.name}.{name}"
    if key not in tables.lock_homes:
        tables.lock_homes[key] = None
        every = tables.global_stores[module].get(name, ())
        stores = [store for store in every if store.access.kind != "mutate"]
        tables.lock_homes[key] = _stored(tables, stores, key, "global", name)
    return tables.lock_homes[key]


def _stored(tables: Tables, stores: list[Store], key: str, scope: str, name: str) -> Lock | None:
    """The lock that these assignments store: another lock under a new name, or one of its own."""
    terms, sure = types.stored(tables, stores)
    model = lock_model(tables, terms)
    custom = managers.of_class(tables, terms, key)
    named = looks_like_lock(name) and not (terms or sure)
    if model is None and custom is None and not named:
        return None
    shared = _shared(tables, stores)
    if shared is not None:
        return shared
    place = _place(stores)
    if model is not None:
        wrapped = wrapped_lock(tables, stores)
        if wrapped is not None:
            return replace(wrapped.lock, wraps=True)
        return replace(_lock(key, model, scope), place=place)
    if custom is not None:
        return replace(custom.lock, scope=scope, place=place)
    return Lock(key, "unknown", None, scope, place=place)


def _shared(tables: Tables, stores: list[Store]) -> Lock | None:
    """`self._lock = parent.lock`, `self._lock = lock` where all callers pass the same lock."""
    found: set[Lock] = set()
    for store in stores:
        value = store.access.value
        if value is not None and value.kind == "const" and value.text == "None":
            continue
        held = _given(tables, store, value) if value is not None else None
        if held is None or held.lock.kind == "unknown" or held.lock.scope == "local":
            return None
        found.add(held.lock)
    return found.pop() if len(found) == 1 else None


def _given(tables: Tables, store: Store, value: Value) -> Held | None:
    if value.kind == "path" and any(p.name == value.text for p in store.function.facts.params):
        return _argument(tables, store.function, value.text)
    return _alias(store)


def _argument(tables: Tables, function: Function, name: str) -> Held | None:
    """The one lock that all known callers pass for a parameter."""
    found: dict[str, Held] = {}
    for caller, value, _ in arguments.passed(tables, function, name):
        held = at(caller, value.text) if value.kind == "path" else None
        if held is None:
            return None
        found[held.lock.id] = held
    return next(iter(found.values())) if len(found) == 1 else None


def wrapped_lock(tables: Tables, stores: list[Store]) -> Held | None:
    """The lock under `Condition(lock)`."""
    for function, access in stores:
        value = access.value
        for part in (value, *value.parts) if value is not None else ():
            if part.kind != "call":
                continue
            model = tables.models.locks.get(names.qualify(function, part.text))
            call = values.call_at(function, part.text, access.line)
            if model is None or model.wraps < 0 or call is None:
                continue
            given = calls.argument(call, model.wraps, "lock")
            if given is not None and given.kind == "path":
                return at(function, given.text)
    return None


def _place(stores: list[Store]) -> Place | None:
    for function, access in stores:
        return function.place(access.line, access.path)
    return None


# --- kinds ------------------------------------------------------------------------------------


def lock_model(tables: Tables, terms: Terms) -> LockModel | None:
    """The library model of a lock among these types; one for threads comes first."""
    found = []
    for term in terms:
        if term.kind != "instance":
            continue
        model = tables.models.locks.get(term.name)
        cls = tables.project_class(term.name) if model is None else None
        for base in tables.outside.get(cls, ()) if cls is not None else ():
            model = model or tables.models.locks.get(base)
        if model is not None:
            found.append((model.is_async, not model.reentrant, term.name, model))
    return min(found, key=lambda item: item[:3])[3] if found else None


def _lock(key: str, model: LockModel, scope: str) -> Lock:
    return Lock(key, model.kind, model.reentrant, scope, model.is_async)
