"""Uses that look dangerous and are not, each for a reason that one can read in the code."""

from __future__ import annotations

from racecheck.analyses import atomicity
from racecheck.analyses.atomicity import CheckAct
from racecheck.analyses.guards import Profile, Seen
from racecheck.program.model import Function, Lock


def renews(seen: Seen, lock: Lock) -> bool:
    """Does the function put a new lock in place, beside a new value? Both start over."""
    name = lock.id.rpartition(".")[2]
    path = f"{seen.use.base}.{name}" if seen.use.base else name
    return seen.use.access.kind == "write" and any(
        a.path == path and a.kind == "write" for a in seen.use.function.facts.accesses
    )


def expected(pair: CheckAct) -> bool:
    """Is the failure of the act caught where it happens? Then the author knows that it can fail."""
    act = pair.act.use
    catches = act.function.facts.contexts[act.access.ctx].catches
    return pair.kind in ("use", "lookup", "remove") and not _FAILURES.isdisjoint(catches)


_FAILURES = frozenset(
    {"", "Exception", "BaseException", "AttributeError", "TypeError"}
    | {"LookupError", "KeyError", "IndexError", "ValueError"}
)


def idempotent(profile: Profile, pair: CheckAct) -> bool:
    """Is doing it twice harmless, as far as we can tell?

    A cache that never shrinks, a plain factory, a module's singleton (mostly made at start-up);
    not an attribute that holds an object of the project, and not a connection or a thread.
    """
    act = pair.act.use
    made = act.access.value.text.lower() if act.access.value is not None else ""
    if any(word in made for word in _RESOURCES):
        return False
    own = any(x.constructs and x.call.line == act.access.line for x in act.function.calls)
    if own and profile.state.id.kind != "global":
        return False
    if pair.kind == "lazy":
        return True
    cache = pair.check.use.access.via == "not in" and not pair.test.exits
    return pair.kind == "insert" and cache and not atomicity.removals(profile)


_RESOURCES = (
    *("connect", "open", "socket", "thread", "timer", "lock", "pool", "executor", "process"),
    *("session", "client", "spawn", "start", "popen", "mkstemp", "server", "listen", "register"),
)
"""Words in a factory's name that say that a second object is more than wasted time."""


def resizes(seen: Seen) -> bool:
    """Can this change add or remove elements? `d[k] += 1` cannot, `d[k] = d.get(k, 0) + 1` can."""
    access = seen.use.access
    if access.via != "[]+=":
        return access.via != "sort"
    accesses = seen.use.function.facts.accesses
    return any(a.line == access.line and a.via == ".get()" for a in accesses)


def dereferences(guarded: list[Seen]) -> bool:
    """Is the state tested and then used in a critical section, so that None would hurt?"""
    tested = {s.use.function.id for s in guarded if s.use.access.kind == "check"}
    return any(
        s.use.function.id in tested and s.use.access.via.startswith((".", "[", "("))
        for s in guarded
        if s.use.access.kind == "read"
    )


def unused(seen: Seen) -> bool:
    """Is the use in a public function that nobody calls, in a program that uses its neighbours?

    A library's own users may call it. Where the program is the user, it is not called.
    """
    function = seen.use.function
    if function.cls is not None:
        around = list(function.cls.methods.values())
    else:
        around = [f for f in function.module.functions.values() if f.cls is None and not f.parent]
    public = [f for f in around if f is not function and not f.name.startswith(("_", "<"))]
    if _is_called(function) or function not in around or len(public) < _NEIGHBOURS:
        return False
    return 2 * sum(map(_is_called, public)) > len(public)


_NEIGHBOURS = 4
"""Fewer public functions say nothing about who uses them."""


def _is_called(function: Function) -> bool:
    called = any(not link.caller.module.is_test for link in function.callers)
    return called or bool(function.entries) or function.escapes or function.name.startswith("_")
