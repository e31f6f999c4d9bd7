"""What `with` holds: locks, calls that return one, context managers of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from racecheck.facts.schema import Call, Region, Value
from racecheck.program import homes, locks, types, values
from racecheck.program.model import Class, Function, Held, Lock
from racecheck.program.paths import root, split
from racecheck.program.tables import LockClass, Tables, Term, Terms, ordered
from racecheck.program.tables import of as tables_of

_ACQUIRES = ("acquire", "__enter__", "__aenter__", "lock", "acquire_read", "acquire_write")
_MACHINE = frozenset(("file", "process"))


def entered(function: Function, region: Region) -> tuple[Held, ...]:
    """Locks that a region holds, each with the line and the way it was taken."""
    return tuple(
        replace(held, line=region.line, via=region.how) for held in _entered(function, region)
    )


def _entered(function: Function, region: Region) -> Iterable[Held]:
    path, value = region.path, region.value
    if path.endswith("()") or value.kind == "call":
        callee = value.text if value.kind == "call" else path[:-2]
        several = _body_holds(function, callee, region)
        if several is not None:
            return several
        held = called(function, callee, value, region.line)
    elif _is_self(function, path):
        held = _own_lock(function, path)
    else:
        held = homes.at(function, path)
    if held is not None:
        return (held,)
    if path and _silences(function, region):
        return (homes.unknown(function, path, region.how == "async with"),)
    return ()


def _is_self(function: Function, path: str) -> bool:
    receiver = tables_of(function).receivers.get(function)
    return receiver is not None and receiver.name == path and not receiver.is_class


def _own_lock(function: Function, path: str) -> Held | None:
    """`self.acquire()` in a class that is a lock, or whose base outside the project may be one."""
    tables = tables_of(function)
    receiver = tables.receivers[function]
    assert receiver is not None
    cls = receiver.cls
    model = homes.lock_model(tables, types.infer(function, path))
    if model is not None:
        return Held(Lock(cls.id, model.kind, model.reentrant, "instance", model.is_async), path)
    kind = _class_kind(tables, cls)
    if kind is None and not (cls.opaque or tables.outside.get(cls)):
        return None
    name, reentrant, is_async = kind or ("unknown", None, False)
    return Held(Lock(cls.id, name, reentrant, "instance", is_async), path)


def _silences(function: Function, region: Region) -> bool:
    """Nothing is known of the object, but it is named like a lock or acquired like one."""
    known = any(term.kind != "name" for term in types.infer(function, region.path))
    if region.how in ("acquire", "try"):
        return not known and "pool" not in region.path.lower()
    return not known and homes.looks_like_lock(region.path)


# --- @contextmanager --------------------------------------------------------------------------


def _body_holds(function: Function, callee: str, region: Region) -> tuple[Held, ...] | None:
    """Locks held at the `yield` of the context manager that is called; None when it is none."""
    tables = tables_of(function)
    found: list[Held] | None = None
    for term in ordered(types.infer(function, callee)):
        target = tables.function(term) if term.kind == "function" else None
        if target is None or not types.is_manager(target):
            continue
        call = values.call_at(function, callee, region.line)
        held = list(_at_yields(function, target, split(callee)[0], call))
        found = held if found is None else [h for h in found if h in held]
    if found == [] and homes.looks_like_lock(callee):
        return (homes.unknown(function, callee),)
    return tuple(found) if found is not None else None


def _at_yields(
    function: Function, target: Function, receiver: str, call: Call | None
) -> Iterator[Held]:
    rows = []
    for point in target.facts.points:
        if point.kind == "yield":
            row: list[Held] = []
            for index in target.context(point.ctx).held:
                part = target.facts.regions[index]
                row += seen_from(function, target, receiver, call, part)
            rows.append(row)
    if rows:
        yield from (held for held in rows[0] if all(held in row for row in rows[1:]))


def seen_from(
    function: Function, target: Function, receiver: str, call: Call | None, part: Region
) -> tuple[Held, ...]:
    """Locks of a region of the callee `target`, with the paths that the caller knows them by."""
    path = part.path
    if path and not path.endswith("()"):
        outer = translate(target, path, receiver, call.args if call else (), call)
        if outer:
            held = homes.at(function, outer)
            return (held,) if held is not None else ()
    return tuple(rebased(target, held, receiver) for held in locks.region(target, part))


def translate(
    target: Function, path: str, receiver: str, args: tuple[Value, ...], call: Call | None = None
) -> str:
    """A path of the callee as the caller sees it: `self` and parameters replaced, "" if neither."""
    first = root(path)
    own = tables_of(target).receivers.get(target)
    if own is not None and own.name == first:
        return receiver + path[len(first) :] if receiver else ""
    positional = [p.name for p in target.facts.params if p.kind == "pos"]
    if own is not None and positional[:1] == [own.name]:
        positional = positional[1:]
    given: Value | None = None
    if first in positional and positional.index(first) < len(args):
        given = args[positional.index(first)]
    for name, value in call.keywords if call else ():
        given = value if name == first else given
    if given is not None and given.kind == "path":
        return given.text + path[len(first) :]
    return ""


def rebased(target: Function, held: Held, receiver: str) -> Held:
    """A lock of the callee's object, by the caller's path to that object."""
    own = tables_of(target).receivers.get(target)
    if own is not None and held.base and root(held.base) == own.name and receiver:
        return replace(held, base=receiver + held.base[len(own.name) :])
    return held


# --- calls that give a lock -------------------------------------------------------------------


def called(function: Function, callee: str, value: Value | None, line: int = 0) -> Held | None:
    """The stored lock that a call returns. A new lock is nobody else's: None."""
    tables = tables_of(function)
    receiver, method = split(callee)
    found: Held | None = None
    for term in ordered(types.infer(function, callee)):
        if term.kind == "function" and (target := tables.function(term)):
            held = returned(function, target, receiver, value.parts if value else ())
        elif term.kind == "class":
            held = _made(tables, function, term, callee, value, line)
        elif term.kind == "name":
            held = _from_library(tables, function, term.name, receiver, method, value)
        else:
            held = None
        if found is not None and held is not None and held.lock.id != found.lock.id:
            return homes.unknown(function, callee)
        found = found or held
    return found


def returned(
    function: Function, target: Function, receiver: str, args: tuple[Value, ...]
) -> Held | None:
    """The stored lock that a function or property returns, by the caller's path."""
    tables = tables_of(function)
    key = (target, "returned lock")
    if key in tables.busy:
        return None
    tables.busy.add(key)
    try:
        return _returned(tables, function, target, receiver, args)
    finally:
        tables.busy.discard(key)


def _returned(
    tables: Tables, function: Function, target: Function, receiver: str, args: tuple[Value, ...]
) -> Held | None:
    terms = types.result(tables, target)
    is_lock = homes.lock_model(tables, terms) or of_class(tables, terms, "") is not None
    if not is_lock and (terms or not homes.looks_like_lock(target.name)):
        return None
    found: dict[str, Held] = {}
    for point in target.facts.points:
        value = point.value
        if point.kind != "return" or value is None or value.kind == "const":
            continue
        held = _result(function, target, receiver, args, value, point.line)
        if held is None:
            found.clear()
            break
        found[held.lock.id] = held
    if len(found) == 1:
        return next(iter(found.values()))
    if len(found) > 1 or homes.lock_model(tables, terms) is None:
        return homes.unknown(function, f"{receiver}.{target.name}" if receiver else target.name)
    return None


def _result(
    function: Function,
    target: Function,
    receiver: str,
    args: tuple[Value, ...],
    value: Value,
    line: int,
) -> Held | None:
    if value.kind == "path":
        outer = translate(target, value.text, receiver, args)
        if outer and (held := homes.at(function, outer)):
            return held
        inner = homes.at(target, value.text)
    elif value.kind == "call":
        inner = called(target, value.text, value, line)
    else:
        return None
    if inner is None or inner.lock.scope == "local":
        return None
    return rebased(target, inner, receiver)


def _from_library(
    tables: Tables,
    function: Function,
    name: str,
    receiver: str,
    method: str,
    value: Value | None,
) -> Held | None:
    """`self._locks.setdefault(k, Lock())`, `self._rw.gen_rlock()`, `FileLock("x")`."""
    owner = name.rpartition(".")[0]
    model = tables.models.locks.get(owner)
    if model is not None and method in model.methods:
        return homes.at(function, receiver)
    if method in ("setdefault", "get", "pop") and receiver:
        return homes.at(function, f"{receiver}[*]")
    model = tables.models.locks.get(name)
    if model is not None and model.kind in _MACHINE:
        key = ",".join(part.text for part in value.parts[:1]) if value else ""
        return Held(Lock(f"{name}({key})", model.kind, model.reentrant, "global", model.is_async))
    if model is not None and model.wraps >= 0 and value and len(value.parts) > model.wraps:
        inner = value.parts[model.wraps]
        held = homes.at(function, inner.text) if inner.kind == "path" else None
        return Held(replace(held.lock, wraps=True), held.base) if held else None
    if method == "get_lock":
        return homes.unknown(function, f"{receiver}.{method}")
    return None


# --- classes that are locks or take one -------------------------------------------------------


def _made(
    tables: Tables, function: Function, term: Term, callee: str, value: Value | None, line: int
) -> Held | None:
    """`with Guard(self._lock):` holds the lock that was passed."""
    cls = tables.project_class(term.name)
    if cls is None:
        return _from_library(tables, function, term.name, "", "", value)
    call = values.call_at(function, callee, line)
    for inner, region in _taken(tables, cls):
        own = tables.receivers.get(inner)
        parts = region.path.split(".")
        if own is None or parts[0] != own.name or len(parts) < 2:
            held = locks.region(inner, region)
            return held[0] if held else None
        for store in tables.stores.get(cls, {}).get(parts[1], ()):
            given = store.access.value
            if given is None or given.kind != "path" or store.function.name != "__init__":
                continue
            outer = translate(store.function, given.text, "", call.args if call else (), call)
            if outer:
                return homes.at(function, ".".join([outer, *parts[2:]]))
    return homes.unknown(function, callee) if homes.looks_like_lock(callee) else None


def _taken(tables: Tables, cls: Class) -> Iterator[tuple[Function, Region]]:
    """Regions that are still held when `acquire` or `__enter__` returns."""
    for name in _ACQUIRES:
        method = cls.find_method(name)
        if method is None:
            continue
        ends = [p for p in method.facts.points if p.kind in ("return", "fall")]
        for point in ends:
            for index in method.context(point.ctx).held:
                region = method.facts.regions[index]
                if region.how in ("acquire", "try") and region.path != "self":
                    yield method, region
        for call in method.facts.calls:
            prefix, last = split(call.path)
            if last in ("__enter__", "__aenter__", "acquire") and prefix not in ("self", "super()"):
                yield method, Region(prefix, call.line, "with", Value("path", prefix))


def of_class(tables: Tables, terms: Terms, key: str) -> Held | None:
    """A lock made of a project class: it has acquire and release, or entering it takes a lock."""
    for term in ordered(terms):
        if term.kind != "instance":
            continue
        cls = tables.project_class(term.name)
        kind = _class_kind(tables, cls) if cls else _strange_kind(term.name)
        if kind is not None:
            return Held(Lock(key, kind[0], kind[1], "local", kind[2]))
    return None


def _strange_kind(name: str) -> LockClass | None:
    """A library class that no model knows, and that is called a lock: `ZODB.utils.RLock`."""
    return ("unknown", None, False) if homes.looks_like_lock(name) else None


def _class_kind(tables: Tables, cls: Class) -> LockClass | None:
    """Kind, re-entrancy and colour of a class that is a lock; None when it is none."""
    if cls in tables.lock_classes:
        return tables.lock_classes[cls]
    tables.lock_classes[cls] = None
    found: LockClass | None = None
    members = {name for base in cls.mro for name in base.methods}
    reads = {m for m in members if "read" in m.lower() or "shared" in m.lower()}
    pair = {"acquire", "release"} <= members or {"lock", "unlock"} <= members
    enters = {"__enter__", "__exit__"} <= members
    is_async = {"__aenter__", "__aexit__"} <= members and not enters
    for method, region in _taken(tables, cls):
        for held in locks.region(method, region):
            lock = held.lock
            # Why: a subclass may exchange what the base wraps, so its kind is the base's own only.
            known = lock.reentrant if method.cls is cls else None
            found = found or (lock.kind, known, lock.is_async)
    if found is None and (pair or (enters and homes.looks_like_lock(cls.name))):
        found = ("unknown", None, is_async)
    if reads and (pair or homes.looks_like_lock(cls.name)):
        found = ("rwlock", None, is_async)
    tables.lock_classes[cls] = found
    return found
