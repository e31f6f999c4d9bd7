"""What a function does before it starts a thread: nobody is beside it yet."""

from __future__ import annotations

from collections.abc import Iterable

from racecheck.analyses import callers
from racecheck.analyses.siblings import class_at, related
from racecheck.program.model import Class, Entry, Function, RoleKind, Use
from racecheck.program.tables import of

_DEPTH = 4


def before_start(entry: Entry, function: Function, seq: int, depth: int = 0) -> bool:
    """Does this place come before the start, or do all calls of the private function?"""
    if entry.call < 0 or depth > _DEPTH:
        return False
    if entry.starts == function.id:
        return seq < entry.call
    if not callers.is_private(function) or function.escapes:
        return False
    calls = callers.in_use(function)
    return bool(calls) and all(
        before_start(entry, link.caller, link.call.seq, depth + 1) for link in calls
    )


def before_own_start(entry: Entry, entries: Iterable[Entry], use: Use) -> bool:
    """Does the object start a thread on itself after this use, while `entry` is its holder's?

    One thread drives an object: its own, or that of the object which holds it. Not so if the holder
    asks for the object's own thread, too.
    """
    function, cls = use.function, use.function.cls
    if cls is None or use.base != "self" or entry.role is not RoleKind.THREAD:
        return False
    own = [e.call for e in entries if e.starts == function.id and e.call >= 0]
    holder = _starter(entry, function)
    if not own or use.access.seq > min(own) or holder is None:
        return False
    return not related(holder, cls) and not _asked_by(function, holder)


def before_holders_start(entry: Entry, entries: Iterable[Entry], use: Use) -> bool:
    """Does the holder start its thread after this use, while `entry` is the held object's own?

    The holder has made the object for itself, and does not ask it for its own thread.
    """
    function, cls = use.function, use.function.cls
    owner, _, name = use.base.rpartition(".")
    if cls is None or owner != "self" or entry.role is not RoleKind.THREAD:
        return False
    seq = use.access.seq
    before = any(e is not entry and before_start(e, function, seq) for e in entries)
    held = _starter(entry, function)
    if not before or held is None or related(held, cls) or not _keeps(cls, name):
        return False
    starter = of(function).program.functions[entry.starts]
    return held is class_at(function, use.base) and not _asked_by(starter, cls)


def _starter(entry: Entry, function: Function) -> Class | None:
    """The class whose method starts the thread."""
    starter = of(function).program.functions.get(entry.starts)
    return starter.cls if starter is not None else None


def _asked_by(function: Function, cls: Class) -> bool:
    """Does a method of this class call it?"""
    asking = (link.caller.cls for link in callers.in_use(function))
    return any(one is not None and related(one, cls) for one in asking)


def _keeps(cls: Class, name: str) -> bool:
    """Is it a private attribute for an object that the class gets by a call, and not given?"""
    family = (*cls.mro, *cls.subclasses)
    stores = [
        a.value
        for one in family
        for method in one.methods.values()
        for a in method.facts.accesses
        if a.path == f"self.{name}" and a.kind == "write"
    ]
    got = all(v is not None and (v.kind == "call" or v.text == "None") for v in stores)
    return name.startswith("_") and bool(stores) and got
