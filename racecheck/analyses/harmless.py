"""Uses that look dangerous and are not, each for a reason that one can read in the code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from racecheck.analyses import atomicity, callers
from racecheck.analyses.atomicity import CheckAct
from racecheck.analyses.constants import truth
from racecheck.analyses.guards import Profile, Seen
from racecheck.facts.schema import CATCH_ALL, CHANGES, Access, Value
from racecheck.program.model import Class, Function, Lock
from racecheck.program.tables import of


def renews(seen: Seen, lock: Lock) -> bool:
    """Does the function put a new lock in place, beside a new value? Both start over."""
    name = lock.id.rpartition(".")[2]
    path = f"{seen.use.base}.{name}" if seen.use.base else name
    return seen.use.access.kind == "write" and any(
        a.path == path and a.kind == "write" for a in seen.use.function.facts.accesses
    )


def begins_anew(seen: Seen) -> bool:
    """Does the function note the process that it is in? It starts over for a child after a fork.

    `self._items = []` beside `self.pid = os.getpid()`: of the parent's threads none is left there.
    """
    return seen.use.access.kind == "write" and any(
        a.kind == "write" and a.value is not None and a.value.text == "os.getpid"
        for a in seen.use.function.facts.accesses
        if a.path.rpartition(".")[0] == seen.use.base
    )


def known(seen: Seen) -> bool:
    """Is it said here that threads may meet: in a comment that accepts it, or in the docstring?

    Of a function that takes no lock and is not thread-safe, the callers have to take care.
    """
    function, access = seen.use.function, seen.use.access
    documented = "not-thread-safe" in function.facts.claims and not seen.held
    return documented or access.line in function.module.facts.accepted


def starts_over(profile: Profile, seen: Seen) -> bool:
    """Is a guarded container only replaced by an empty one, where each section looks at it once?

    A loop that runs keeps the old container, and what is added meanwhile is dropped with it: as if
    the one had come after the other. Not so where a section comes back to the attribute, stores it,
    or keeps another one in step with it.
    """
    access = seen.use.access
    if access.kind != "write" or not _is_empty(access.value):
        return False
    along = _stored(seen, None)
    sections: dict[str, list[Seen]] = {}
    for other in profile.seen:
        if other is not seen and profile.guarded(other):
            sections.setdefault(other.use.function.id, []).append(other)
    return not any(_relies(uses, along) for uses in sections.values())


def _is_empty(value: Value | None) -> bool:
    if value is None or (value.kind in _LITERALS and value.text):
        return False
    name = value.text.rpartition(".")[2]
    made = value.kind == "call" and (name in _EMPTIES and not value.parts)
    return value.kind in _LITERALS or made or (value.kind == "call" and name == "defaultdict")


_LITERALS = frozenset({"list", "dict", "set"})
_EMPTIES = frozenset({"list", "dict", "set", "deque", "OrderedDict", "Counter"})


def _relies(uses: list[Seen], along: set[str]) -> bool:
    """Does a critical section of this function rely on the attribute staying what it is?"""
    if any(s.use.access.kind in ("update", "delete") for s in uses):
        return True
    for seen in uses:
        if (seen.is_write and _stored(seen, seen)) or along & _touched(seen):
            return True
    return any(_together(one, other) for one, other in combinations(uses, 2))


def _together(one: Seen, other: Seen) -> bool:
    """Are both in one critical section, and not in two branches of one test?"""
    facts = one.use.function.facts
    mine, theirs = (facts.contexts[s.use.access.ctx] for s in (one, other))
    if any(-test in theirs.tests for test in mine.tests):
        return False
    return bool(set(mine.held) & set(theirs.held)) or bool(one.throughout)


def _stored(seen: Seen, section: Seen | None) -> set[str]:
    """Attributes of the same object that the function changes; in the section of a use only."""
    return {a.path for a in _beside(seen, section) if a.kind in CHANGES}


def _touched(seen: Seen) -> set[str]:
    return {a.path for a in _beside(seen, seen)}


def _beside(seen: Seen, section: Seen | None) -> Iterator[Access]:
    """Uses of other attributes of the object, or of other globals; in a section, or all."""
    facts, base = seen.use.function.facts, seen.use.base
    held = set(facts.contexts[section.use.access.ctx].held) if section is not None else set()
    for access in facts.accesses:
        owner, _, _ = access.path.rpartition(".")
        if access.path == seen.use.access.path or owner != base or access.path in facts.locals:
            continue
        if section is None or section.throughout or held & set(facts.contexts[access.ctx].held):
            yield access


def expected(pair: CheckAct) -> bool:
    """Is the failure of the act caught where it happens? Then the author knows that it can fail."""
    act = pair.act.use
    catches = act.function.facts.contexts[act.access.ctx].catches
    return not _FAILURES.get(pair.kind, frozenset()).isdisjoint(catches)


def interrupted(profile: Profile, seen: Seen) -> bool:
    """Is the RuntimeError of a loop over what changes its size caught around it?

    Lists raise none: a loop over them leaves elements out.
    """
    use = seen.use
    catches = use.function.context(use.access.ctx).catches
    kinds = profile.state.types
    raises = (bool(kinds) and kinds <= _RAISING) or use.access.via in ("items", "values", "keys")
    return raises and not (CATCH_ALL | {"RuntimeError"}).isdisjoint(catches)


def never_missing(profile: Profile, pair: CheckAct) -> bool:
    """Does the act do without what it looks for: in a `defaultdict`, by `pop(key, None)`?"""
    if pair.kind == "lookup":
        return bool(profile.state.types) and profile.state.types <= _MAKERS
    act = pair.act.use
    return pair.kind == "remove" and any(
        call.path == f"{act.access.path}.pop" and len(call.args) > 1
        for call in act.function.facts.calls
        if call.line == act.access.line
    )


_RAISING = frozenset(
    {"dict", "set", "collections.deque", "collections.OrderedDict", "collections.defaultdict"}
)
_MAKERS = frozenset({"collections.defaultdict", "collections.Counter"})
_MISSING = CATCH_ALL | {"LookupError", "KeyError", "IndexError", "ValueError"}
_FAILURES = {
    "use": CATCH_ALL | {"AttributeError", "TypeError"},
    "lookup": _MISSING,
    "remove": _MISSING,
}
"""What the act of a stale check raises, by the kind of the pair."""


def idempotent(profile: Profile, pair: CheckAct) -> bool:
    """Is doing it twice harmless, as far as we can tell?

    A cache that never shrinks, a plain factory, a module's singleton (mostly made at start-up);
    not an attribute that holds an object of the project, and not a connection or a thread.
    """
    act = pair.act.use
    made = act.access.value.text.lower() if act.access.value is not None else ""
    if made.rpartition(".")[2] not in _CONTENTS and any(word in made for word in _RESOURCES):
        return False
    on_line = [x.constructs for x in act.function.calls if x.call.line == act.access.line]
    own = [of(act.function).project_class(name) for name in on_line if name]
    if own and pair.kind == "insert" and all(map(_is_blank, own)):
        return True
    if own and profile.state.id.kind != "global":
        return False
    if pair.kind == "lazy":
        return True
    cache = pair.check.use.access.via == "not in" and not pair.test.exits
    return pair.kind == "insert" and cache and not atomicity.removals(profile)


def _is_blank(cls: Class | None) -> bool:
    """A record of plain constants: a second one differs by what was counted in the first."""
    if cls is None or cls.opaque or cls.externals or len(cls.mro) > 1:
        return False
    methods = [m for m in cls.methods.values() if m.name not in ("__repr__", "__str__", "__eq__")]
    stores = [a for m in methods for a in m.facts.accesses if a.path.startswith("self.")]
    plain = all(
        a.kind == "write" and a.value is not None and a.value.kind == "const" for a in stores
    )
    return plain and [m.name for m in methods] == ["__init__"]


_RESOURCES = (
    *("connect", "open", "socket", "thread", "timer", "lock", "pool", "executor", "process"),
    *("session", "client", "spawn", "start", "popen", "mkstemp", "server", "listen", "register"),
)
"""Words in a factory's name that say that a second object is more than wasted time."""

_CONTENTS = frozenset("read read_text read_bytes readlines decode json".split())
"""What is kept of `open(path).read()` is not the file."""


def outlived(pair: CheckAct, rival: Seen) -> bool:
    """Is a counter, which is moved on in one step after the test, only started again meanwhile?

    It counts on from there, as if the reset had come first.
    """
    act, reset = pair.act.use.access, rival.use.access
    counts = pair.kind == "change" and act.via == "+=" and not act.window
    steady = act.value is not None and act.value.kind == "const"
    return counts and steady and reset.kind == "write" and truth(reset.value) is False


def in_its_loops(profile: Profile, seen: Seen) -> bool:
    """Is this change of a container made only for the loops over it, by a function they call?

    Then it happens on the loop's own thread: a bug perhaps, but none of two threads.
    """
    function = seen.use.function
    calls = callers.in_use(function)
    walks = [s.use for s in profile.seen if s.use.access.kind == "iterate"]
    return bool(calls) and all(
        any(
            walk.function is link.caller and _spans(walk.function, walk.access, link.call.seq)
            for walk in walks
        )
        for link in calls
    )


def _spans(function: Function, walk: Access, seq: int) -> bool:
    """Does the loop that this access begins run to this operation?"""
    return any(
        loop.first - 1 <= walk.seq < loop.last and walk.seq < seq < loop.last
        for loop in function.facts.loops
        if loop.kind != "comp" and walk.line == loop.line
    )


def resizes(seen: Seen) -> bool:
    """Can this change add or remove elements? `d[k] += 1` cannot, `d[k] = d.get(k, 0) + 1` can."""
    access = seen.use.access
    if access.via == "[]=":
        return not _is_there(seen.use.function, access)
    if access.via != "[]+=":
        return access.via != "sort"
    accesses = seen.use.function.facts.accesses
    return any(a.line == access.line and a.via == ".get()" for a in accesses)


def _is_there(function: Function, store: Access) -> bool:
    """Has the function looked the key up before, so that it would have failed without it?"""
    facts, here = function.facts, function.context(store.ctx).tests
    if not store.key:
        return False
    there = ("in", store.path, store.key)
    if any((t.shape, t.target, t.key) == there for t in function.met(store.ctx)):
        return True
    looked = [
        a.seq
        for a in facts.accesses
        if (a.via, a.path, a.key) == ("[]", store.path, store.key)
        and a.seq < store.seq
        and set(function.context(a.ctx).tests) <= set(here)
    ]
    return bool(looked) and not any(
        a.path == store.key and max(looked) < a.seq < store.seq and a.kind in CHANGES
        for a in facts.accesses
    )


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
    called = bool(callers.in_use(function))
    return called or bool(function.entries) or function.escapes or function.name.startswith("_")
