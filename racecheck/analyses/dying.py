"""Locks that nobody can hold while `__del__` runs, because who holds one keeps the object alive.

A method has `self` on the stack, so the object does not die as long as it is inside. That holds for
locks that the object has made for itself, and for those of parts that it has made for itself.
"""

from __future__ import annotations

from racecheck.analyses.made import Made
from racecheck.program import names, types
from racecheck.program.model import Class, Function, Held, Program, RoleKind, StateId
from racecheck.program.paths import root, split
from racecheck.program.tables import of

_THREADS = frozenset({RoleKind.THREAD, RoleKind.POOL})
_AWAY = frozenset({"arg", "return", "alias"})


class Dying:
    """Answers for one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._made = Made()

    def waits_for(self, finalizer: Function, lock: Held, taker: Function, held: Held) -> bool:
        """Does the object live on until `taker` has given back the lock that `__del__` takes?"""
        receiver = of(finalizer).receivers.get(finalizer)
        if finalizer.name != "__del__" or receiver is None or not self._is_own(lock):
            return False
        owner = self._owner(receiver.cls, receiver.name, lock.base)
        name = lock.lock.id.rpartition(".")[2]
        if owner is None or not self._made.owned(owner, name):
            return False
        inside = lock.base != receiver.name and self._on_own_thread(taker, owner)
        return _has_object(taker, held, owner) and not inside

    @staticmethod
    def _is_own(lock: Held) -> bool:
        return lock.lock.scope == "instance" and not lock.lock.many

    def _owner(self, cls: Class, name: str, base: str) -> Class | None:
        """The class of the object that a path denotes: `self`, or a part that stays inside."""
        if base == name:
            return cls
        above, part = split(base)
        if above != name or not self._made.owned(cls, part) or self._leaves(cls, part):
            return None
        attribute = cls.find_attribute(part)
        kinds = attribute.types if attribute is not None and not attribute.guess else frozenset()
        return self._program.classes.get(next(iter(kinds))) if len(kinds) == 1 else None

    def _leaves(self, cls: Class, part: str) -> bool:
        """Is the part handed to somebody who may outlive the object?"""
        found = (self._program.states.get(StateId("attribute", c.id, part)) for c in cls.mro)
        return any(use.access.via in _AWAY for state in found if state for use in state.uses)

    def _on_own_thread(self, taker: Function, owner: Class) -> bool:
        """Does a thread that the part runs itself come here? It has only the part."""
        bodies = (self._program.functions[e.function] for e in taker.entries if e.role in _THREADS)
        return any(body.cls in owner.mro for body in bodies)


def _has_object(taker: Function, held: Held, owner: Class) -> bool:
    """Has the code that takes the lock its object, too, and not only the lock?"""
    first = root(held.base)
    if not first or ":" in held.base:
        return False
    facts = taker.facts
    if first not in (*facts.locals, *facts.free) and names.binder(taker, first) is not None:
        return False
    kin = {cls.id for cls in (*owner.mro, *owner.subclasses)}
    return not kin.isdisjoint(types.of(taker, held.base))
