"""Locks held at a point: regions, decorators and contracts, resolved to lock identities.

What is no lock (a file, a transaction) is dropped. Something that is named like a lock or used like
one, but whose type is not known, is a lock of kind `unknown`: it may silence a report and proves
nothing.
"""

from __future__ import annotations

from dataclasses import replace

from racecheck.facts.schema import Region
from racecheck.program import decorators, homes, managers
from racecheck.program.model import Class, Function, Held, Lock
from racecheck.program.paths import join
from racecheck.program.tables import Tables
from racecheck.program.tables import of as tables_of

_LOCKED_NAME = ("_locked", "_lock_held", "_with_lock", "_under_lock")


def held(function: Function, ctx: int) -> tuple[Held, ...]:
    """Locks held at the context with this index, outermost first."""
    tables = tables_of(function)
    indexes = function.facts.contexts[ctx].held if function.facts.contexts else ()
    key = (function, indexes)
    found = tables.held.get(key)
    if found is None:
        locks = list(on_entry(function))
        for index in indexes:
            locks += region(function, function.facts.regions[index])
        found = tables.held[key] = tuple(dict.fromkeys(locks))
    return found


def find(function: Function, path: str) -> Held | None:
    """The lock that a path denotes (`self._lock`, `LOCK`); None when it is no known lock."""
    found = homes.at(function, path)
    return found if found is not None and found.lock.kind != "unknown" else None


def region(function: Function, part: Region) -> tuple[Held, ...]:
    """Locks that a region of `function` holds."""
    tables = tables_of(function)
    key = (function, part)
    found = tables.regions.get(key)
    if found is None:
        if key in tables.busy:
            return ()
        tables.busy.add(key)
        try:
            found = managers.entered(function, part)
        finally:
            tables.busy.discard(key)
        tables.regions[key] = found
    return found


# --- before the first statement ---------------------------------------------------------------


def on_entry(function: Function) -> tuple[Held, ...]:
    """Locks that are held whenever the body runs: by decorators, or by contract of the caller."""
    tables = tables_of(function)
    found = tables.on_entry.get(function)
    if found is None:
        tables.on_entry[function] = ()
        found = (*_required(tables, function), *decorators.held(function))
        tables.on_entry[function] = found
    return found


def _required(tables: Tables, function: Function) -> tuple[Held, ...]:
    """`# requires: _lock`, a docstring that says so, a name that ends in `_locked`."""
    found = []
    for text in function.facts.requires:
        found.append(_named(tables, function, text))
    if found:
        return tuple(found)
    documented = "lock-held" in function.facts.claims
    if documented or (function.name.endswith(_LOCKED_NAME) and "is_" not in function.name):
        return (_the_lock(tables, function),)
    return ()


def _named(tables: Tables, function: Function, text: str) -> Held:
    receiver = tables.receivers.get(function)
    text = text.lstrip(".")
    if receiver is not None and "." not in text:
        own = homes.at(function, join(receiver.name, text))
        if own is not None and own.lock.kind != "unknown":
            return replace(own, via="requires")
    known = homes.at(function, text) or homes.unknown(function, text)
    return replace(known, line=function.facts.line, via="requires")


def _the_lock(tables: Tables, function: Function) -> Held:
    """The only lock of the class (or module); if there are several, one that is not known."""
    receiver = tables.receivers.get(function)
    if receiver is not None:
        own = owned(tables, receiver.cls)
        name = receiver.name
    else:
        own = {}
        for attribute in function.module.globals.values():
            if attribute.lock is not None and attribute.lock.kind != "unknown":
                own[attribute.lock.id] = attribute.lock
        name = ""
    if len(own) == 1:
        (lock,) = own.values()
        base = name if lock.scope == "instance" else ""
        return Held(lock, base, function.facts.line, "documented")
    made = homes.unknown(function, join(name, "<lock of the caller>"))
    return replace(made, line=function.facts.line, via="documented")


def owned(tables: Tables, cls: Class) -> dict[str, Lock]:
    """Known locks among the attributes of a class, inherited ones included, by id."""
    found: dict[str, Lock] = {}
    for base in cls.mro:
        for name in tables.stores.get(base, ()):
            lock = homes.of_attribute(tables, cls, name)
            if lock is not None and lock.kind != "unknown":
                found[lock.id] = lock
    return found


# --- what the model shows ---------------------------------------------------------------------


def connect(tables: Tables) -> None:
    """Fill in `Attribute.lock`, and resolve declared guards to lock ids."""
    for cls in tables.program.classes.values():
        for attribute in cls.attributes.values():
            attribute.lock = homes.of_attribute(tables, cls, attribute.name)
    for module in tables.program.modules.values():
        for attribute in module.globals.values():
            attribute.lock = homes.of_global(tables, module, attribute.name)
    for cls in tables.program.classes.values():
        for attribute in cls.attributes.values():
            if attribute.guarded_by:
                attribute.guarded_by = _guard_id(tables, cls, attribute.guarded_by)
    for module in tables.program.modules.values():
        for attribute in module.globals.values():
            guard = module.globals.get(attribute.guarded_by)
            if guard is not None and guard.lock is not None:
                attribute.guarded_by = guard.lock.id


def _guard_id(tables: Tables, cls: Class, written: str) -> str:
    """The id of the lock that a guard comment names; as written when there is no such lock."""
    name = written.rpartition(".")[2]
    lock = homes.of_attribute(tables, cls, name)
    if lock is None and name == written:
        lock = homes.of_global(tables, cls.module, name)
    return lock.id if lock is not None else written
