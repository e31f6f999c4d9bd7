"""How a thread is started: how many at once, and does the starter wait for it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from racecheck.catalog.models import EntryModel
from racecheck.facts.schema import Call, Value
from racecheck.program import types, values
from racecheck.program.calls import argument
from racecheck.program.model import Function, Link
from racecheck.program.paths import root, split
from racecheck.program.tables import Store, Tables, ordered

_WORKERS = (("max_workers", 0), ("processes", 0), ("size", 0))


def source(value: Value) -> str:
    """A short source text of an argument, for evidence."""
    if value.kind == "lambda":
        return "lambda"
    if value.kind == "call":
        return f"{value.text}({', '.join(source(part) for part in value.parts[:2])})"
    return value.text or "..."


# --- several at once --------------------------------------------------------------------------


def is_many(tables: Tables, link: Link, row: EntryModel) -> bool:
    """Can several of these run at once? Started in a loop, or by something with several workers."""
    if one_at_a_time(link.caller, link.call):
        return False
    in_loop = link.caller.context(link.call.ctx).loop >= 0
    if row.many:
        # Why: `await to_thread(..)` in a loop waits for the one before it.
        return not (in_loop and link.call.use == "await") and not _single_worker(tables, link)
    return in_loop and not is_kept(link.call)


def one_at_a_time(function: Function, call: Call) -> bool:
    """`if self.busy: return`, `self.busy = True`, then the start: the flag keeps others out."""
    facts = function.facts
    under = facts.contexts[call.ctx].tests
    for access in facts.accesses:
        value = access.value
        if access.kind != "write" or access.seq > call.seq or "." not in access.path:
            continue
        if value is None or value.kind != "const" or value.text != "True":
            continue
        for index, test in enumerate(facts.tests):
            free = -(index + 1) if test.shape == "truth" else index + 1
            if test.target == access.path and test.last <= access.seq and free in under:
                if test.kind == "if" and test.shape in ("truth", "not"):
                    return True
    return False


def is_kept(call: Call) -> bool:
    """`self._thread = Thread(..)`: there is one place for it, so a second replaces the first."""
    return call.use == "bind" and "." in call.into and "[" not in call.into


def repeated(functions: Iterable[Function]) -> set[Function]:
    """Functions that are called in a loop, on the same object each time, or by such functions."""
    found: set[Function] = set()
    work: list[Function] = []
    for function in functions:
        if any(_is_looped(link) for link in function.callers):
            found.add(function)
            work.append(function)
    while work:
        for link in work.pop().calls:
            for target in link.targets:
                if target not in found and _on_same_object(link):
                    found.add(target)
                    work.append(target)
    return found


def _is_looped(link: Link) -> bool:
    return link.caller.context(link.call.ctx).loop >= 0 and _on_same_object(link)


def _on_same_object(link: Link) -> bool:
    """Is the receiver no variable of the caller, which may be another object each time?"""
    if link.constructs or link.implicit:
        return False
    name = root(link.receiver)
    return not name or name in ("self", "cls") or name not in link.caller.facts.locals


def _single_worker(tables: Tables, link: Link) -> bool:
    """Is the pool made with one worker, wherever it is made?"""
    found = [_workers(store) for store in _makings(tables, link.caller, link.receiver)]
    return bool(found) and all(workers == "1" for workers in found)


def _makings(tables: Tables, function: Function, path: str) -> Iterator[Store]:
    """The assignments of calls to what `path` denotes."""
    prefix, name = split(path)
    if not path or name[:1] in ("(", "["):
        return
    found: list[Store] = []
    if not name:
        found = types.variable_stores(tables, function, path)
    else:
        for term in ordered(types.infer(function, prefix)):
            cls = tables.project_class(term.name)
            for base in cls.mro if cls else ():
                found += tables.stores.get(base, {}).get(name, [])
    for store in found:
        value = store.access.value
        if value is not None and value.kind == "call":
            yield store


def _workers(store: Store) -> str:
    value = store.access.value
    call = values.call_at(store.function, value.text, store.access.line) if value else None
    if call is None:
        return ""
    for keyword, position in _WORKERS:
        if given := argument(call, position, keyword):
            return given.text
    return ""


# --- joined -----------------------------------------------------------------------------------


def is_joined(link: Link, row: EntryModel) -> bool:
    """Does the starting function wait for the end of what it started, before it returns?"""
    if row.start:
        return _thread_joined(link)
    return _in_with(link)


def _in_with(link: Link) -> bool:
    """`with ThreadPoolExecutor() as pool: pool.submit(..)`: leaving the block waits."""
    function = link.caller
    for index in function.context(link.call.ctx).held:
        region = function.facts.regions[index]
        if region.how.endswith("with") and region.into and region.into == link.receiver:
            return True
    return False


def _thread_joined(link: Link) -> bool:
    call, function = link.call, link.caller
    tests = set(function.context(call.ctx).tests)
    names = _names_of(function, call)
    for other in function.facts.calls:
        if other.seq < call.seq or not other.path.endswith(".join") or _is_timed(other):
            continue
        context = function.context(other.ctx)
        if not tests.issuperset(context.tests):
            continue
        receiver = root(other.path)
        loop = function.facts.loops[context.loop].iterates if context.loop >= 0 else ""
        if receiver in names or (loop and loop in names):
            return True
    return False


def _is_timed(join: Call) -> bool:
    return bool(join.args or join.keywords)


def _names_of(function: Function, call: Call) -> set[str]:
    """Locals that hold the thread made by `call`, and containers that it is put into."""
    names = {call.into} if call.use == "bind" and call.into and "." not in call.into else set()
    for access in function.facts.accesses:
        value = access.value
        if access.line == call.line and value is not None and value.kind in ("comp", "list"):
            names.add(access.path)
    for other in function.facts.calls:
        base, _, method = other.path.rpartition(".")
        if method not in ("append", "add") or not base or not other.args:
            continue
        value = other.args[0]
        direct = value.kind == "call" and value.text == call.path and other.line == call.line
        if direct or (value.kind == "path" and value.text in names):
            names.add(base)
    return {name for name in names if "." not in name}
