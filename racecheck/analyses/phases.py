"""When nobody else can see an object: during construction, before the start, after the join."""

from __future__ import annotations

from racecheck.analyses.callers import is_private
from racecheck.analyses.siblings import is_own
from racecheck.analyses.unstarted import Unstarted
from racecheck.facts import schema
from racecheck.program.model import Function, Link, Program, RoleKind, Use

CONSTRUCTORS = frozenset(
    "__init__ __new__ __post_init__ __attrs_post_init__ "
    "__setstate__ __getstate__ __copy__ __deepcopy__"
    " __reduce__ __reduce_ex__ __getnewargs__ __init_subclass__ __set_name__ __class_getitem__"
    " __del__ setUp tearDown setup_method teardown_method".split()
)
"""Methods that run while nobody else has the object (SpotBugs' and Clang's lists, for Python)."""

_ENDINGS = frozenset({"close", "exit", "shutdown", "dispose", "terminate", "destroy"})
"""Methods that end the object's life (SpotBugs leaves `close` out, too)."""

_DEPTH = 6


def is_constructor(function: Function) -> bool:
    """Does this function run before (or after) its object is shared?"""
    return function.cls is not None and function.name in CONSTRUCTORS


def winds_up(function: Function) -> bool:
    """Does it end the life of its object? Nobody else should use it by then."""
    return function.name.strip("_") in _ENDINGS


def is_construction(caller: Function, callee: Function) -> bool:
    """Is a call from `caller` to `callee` part of constructing the object?"""
    same = callee.cls is not None and caller.cls is not None
    return same and caller.name in ("__init__", "__new__", "__post_init__", "__setstate__")


_LATER = frozenset({RoleKind.FINALIZER, RoleKind.ATEXIT})
"""Callbacks for the end of an object or of the program: whoever registers them shares nothing."""


class Phases:
    """Which accesses happen while the object is private. Remembers its answers."""

    def __init__(self, program: Program) -> None:
        self._construction: dict[str, bool] = {}
        self._unstarted = Unstarted(program)
        self._spawns: dict[str, int] = {}
        for entry in program.entries:
            if entry.starts and entry.call >= 0 and entry.role not in _LATER:
                first = self._spawns.get(entry.starts, entry.call)
                self._spawns[entry.starts] = min(first, entry.call)

    def construction_only(self, function: Function, depth: int = 0) -> bool:
        """Is the function a constructor, or a private helper that only constructors call?"""
        known = self._construction.get(function.id)
        if known is not None:
            return known
        if is_constructor(function):
            result = True
        elif depth > _DEPTH or not is_private(function) or not function.callers or function.escapes:
            result = False
        elif any(e.function == function.id for e in function.entries):
            result = False
        else:
            self._construction[function.id] = False
            result = all(
                is_own(link) and self.construction_only(link.caller, depth + 1)
                for link in function.callers
            )
        self._construction[function.id] = result
        return result

    def private(self, use: Use, of_instance: bool = True) -> bool:
        """Does this use come before the object is shared? True for `self.x` in constructors.

        Class-level state is shared before any instance exists: a constructor that changes it in
        place is no exception.
        """
        function = use.function
        if function.module.is_test or function.name in ("<module>", "<class>"):
            return True
        if use.base in ("self", "cls") and self.construction_only(function):
            stored = of_instance or use.access.kind in ("write", "update")
            return use.base == "self" and stored and not self._published_before(use)
        if is_constructor(function) and _made_here(use):
            return not self._published_before(use)
        if of_instance and use.base == "self":
            access = use.access
            return self._unstarted.before_start(function, access.ctx, access.seq)
        return _fresh_base(use)

    def _published_before(self, use: Use) -> bool:
        """Has `__init__` started a thread before this access?"""
        spawn = self._spawns.get(use.function.id)
        return spawn is not None and spawn < use.access.seq


def _made_here(use: Use) -> bool:
    """Is it an object that the constructor has just made for an attribute: `self.part.items`?"""
    return use.base.startswith("self.") and any(
        a.path == use.base
        and a.kind == "write"
        and a.seq < use.access.seq
        and a.value is not None
        and a.value.kind == "call"
        for a in use.function.facts.accesses
    )


def _fresh_base(use: Use) -> bool:
    """Is the object a local that this function has just made and not yet given away?"""
    return bool(_made(use.function.facts, use.base, use.access.seq))


def is_fresh(link: Link) -> bool:
    """Is it a call on a local that the caller has just made, as an instance of a project class?"""
    caller = link.caller
    lines = {a.line for a in _made(caller.facts, link.receiver, link.call.seq)}
    return bool(lines) and lines <= {x.call.line for x in caller.calls if x.constructs}


def _made(facts: schema.Function, name: str, seq: int) -> list[schema.Access]:
    """The stores of new objects to this local, if it holds nothing else and nobody else has it."""
    if not name or name in ("self", "cls") or "." in name:
        return []
    if name not in facts.locals or name in {p.name for p in facts.params}:
        return []
    made = [a for a in facts.accesses if a.path == name and a.kind == "write"]
    if not made or any(a.value is None or a.value.kind != "call" for a in made):
        return []
    last = max(a.seq for a in made)
    return made if seq > last and not _given_away(facts, name, last, seq) else []


def _given_away(facts: schema.Function, name: str, after: int, before: int) -> bool:
    """Is the local passed, stored or captured between these operations?"""
    for call in facts.calls:
        if after < call.seq < before:
            values = (*call.args, *(v for _, v in call.keywords))
            if any(_mentions(v, name) for v in values):
                return True
    for access in facts.accesses:
        if after < access.seq < before and access.kind in ("write", "mutate"):
            if access.path != name and access.value and _mentions(access.value, name):
                return True
    return False


def _mentions(value: schema.Value, name: str) -> bool:
    if value.kind == "path" and (value.text == name or value.text.startswith(name + ".")):
        return True
    return value.kind == "lambda" or any(_mentions(part, name) for part in value.parts)
