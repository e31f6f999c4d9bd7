"""May two uses of one state happen at the same time?

Every function has the thread entries that reach it; "outside" stands for callers we do not see (the
public methods of a class, the main thread). What the starter does before the start and after the
join is ordered.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from racecheck.analyses import callers
from racecheck.analyses.before import before_holders_start, before_own_start, before_start
from racecheck.analyses.confined import Confined, in_its_place
from racecheck.analyses.objects import Arrival, Objects
from racecheck.analyses.phases import is_constructor, is_fresh
from racecheck.analyses.sharing import CONCURRENT, Evidence
from racecheck.analyses.siblings import agree, class_at, is_own
from racecheck.analyses.strangers import Strangers
from racecheck.program.model import Class, Entry, Function, Link, RoleKind, Use


class Overlap(IntEnum):
    """How we know that two uses can overlap: not at all, by unseen callers, by threads we see."""

    NONE = 0
    CALLERS = 1
    THREADS = 2


class Parallel:
    """Answers `overlap`; remembers where functions join threads."""

    def __init__(self, objects: Objects, strangers: Strangers) -> None:
        self._objects = objects
        self._confined = Confined(strangers)
        self._joins: dict[str, int] = {}
        self._called: dict[str, bool] = {}
        self._outside: dict[tuple[str, bool], bool] = {}
        self._lives: dict[tuple[str, str], tuple[Entry, ...]] = {}

    def overlap(self, evidence: Evidence, one: Use, other: Use) -> Overlap:
        """Can `one` and `other` (perhaps the same use, on two threads) happen at the same time?"""
        here, there = _class_of(one), _class_of(other)
        if not agree(here, there):
            return Overlap.NONE
        mine, theirs = self._arrivals(evidence, one), self._arrivals(evidence, other)
        out = self.called_outside if evidence.known_only else self.outside
        out_mine = out(one.function) or one.function.id == evidence.scope
        out_theirs = out(other.function) or other.function.id == evidence.scope
        if any(self._beside(a, b, one) for a in mine for b in theirs):
            return Overlap.THREADS
        if out_theirs and self._unordered(evidence, mine, other, there):
            return Overlap.THREADS
        if out_mine and self._unordered(evidence, theirs, one, here):
            return Overlap.THREADS
        if not evidence.outside:
            return Overlap.NONE
        both = self.outside(one.function, True) and self.outside(other.function, True)
        return Overlap.CALLERS if both else Overlap.NONE

    def outside(self, function: Function, bodies: bool = False) -> bool:
        """Can code that we do not see, or the main thread, come to this function?

        bodies: count public methods that others start as threads or jobs as callable, too; right
        for classes that lock, wrong for a worker's own loop.
        """
        known = self._outside.get((function.id, bodies))
        if known is None:
            self._outside[function.id, bodies] = False
            known = not self._confined.to_own_thread(function) and (
                self._callable_by_others(function, bodies)
                or any(self.outside(link.caller, bodies) for link in _ways_in(function))
            )
            self._outside[function.id, bodies] = known
        return known

    def called_outside(self, function: Function) -> bool:
        """Is there a call of it, that we see, from what runs on the main thread or outside?"""
        known = self._called.get(function.id)
        if known is None:
            self._called[function.id] = False
            known = self._called[function.id] = any(
                self._on_main(link.caller) or self.called_outside(link.caller)
                for link in _ways_in(function)
            )
        return known

    def _on_main(self, function: Function) -> bool:
        """Does the main thread run it, and not only in the place of a thread?"""
        return RoleKind.MAIN in function.roles and not self._confined.inline_only(function)

    def _callable_by_others(self, function: Function, bodies: bool) -> bool:
        """Is the function itself something that code outside of the project calls?"""
        if function.facts.is_async:
            return False
        if self._on_main(function):
            return True
        for entry in function.entries:
            if entry.function == function.id and entry.role in CONCURRENT:
                if not bodies or _own_body(function, entry):
                    return False
        public = not function.name.startswith("_") and function.parent is None
        return public and function.roles != frozenset({RoleKind.LOOP})

    def _arrivals(self, evidence: Evidence, use: Use) -> list[Arrival]:
        """Entries that come to a use of an object that is already shared."""
        if use.base:
            found = self._objects.arrivals(use)
            return [a for a in found if a.entry in evidence.entries]
        entries = use.function.entries
        if evidence.scope:
            entries = self._live(use.function, evidence.scope)
        return [Arrival(e, None) for e in entries if e in evidence.entries]

    def _live(self, function: Function, scope: str) -> tuple[Entry, ...]:
        """Entries that reach a function, but not while they make its object.

        scope: the function whose local is meant; who calls it gets another one.
        """
        known = self._lives.get((function.id, scope))
        if known is None:
            found: set[Entry] = set()
            work, seen = [function], {function}
            while work:
                current = work.pop()
                if current.id == scope:
                    continue
                found.update(e for e in current.entries if e.function == current.id)
                for link in current.callers:
                    near = link.caller.id == scope or is_own(link)
                    if not near and not (scope and current.parent is not None):
                        found.update(() if is_fresh(link) else link.caller.entries)
                    elif not is_constructor(link.caller) and link.caller not in seen:
                        seen.add(link.caller)
                        work.append(link.caller)
            known = tuple(e for e in function.entries if e in found)
            self._lives[function.id, scope] = known
        return known

    def _beside(self, mine: Arrival, theirs: Arrival, use: Use) -> bool:
        """Can threads of these entries meet at one state? Some have a `self` of their own."""
        one, other = mine.entry, theirs.entry
        if not agree(mine.cls, theirs.cls) or not all(map(agree, mine.owners, theirs.owners)):
            return False
        if use.base == "self" and self._has_its_own(one, other, use.function):
            return False
        return one.function != other.function or one is not other or one.many

    def _has_its_own(self, one: Entry, other: Entry, function: Function) -> bool:
        """Has each of these threads an object of its own: a Thread object, or a job?"""
        cls = function.cls
        if cls is not None and "threading.Thread" in cls.externals:
            return _is_run(one) and _is_run(other)
        return one is other and _runs_in(one, cls) and self._objects.has_its_own(one)

    def _unordered(
        self, evidence: Evidence, arrivals: list[Arrival], use: Use, cls: Class | None
    ) -> bool:
        """Is there one among the threads that a use outside can meet?"""
        return any(
            agree(a.cls, cls)
            and not self._ordered(a.entry, use)
            and not before_own_start(a.entry, evidence.entries, use)
            and not before_holders_start(a.entry, evidence.entries, use)
            for a in arrivals
        )

    def _ordered(self, entry: Entry, use: Use) -> bool:
        """Is a use outside `entry` before its start or after its join, or is it waited for?"""
        function = use.function
        if entry.joined or self._only_before(entry, function):
            return True
        if before_start(entry, function, use.access.seq):
            return True
        if entry.role is RoleKind.THREAD:
            return use.access.seq > self._join(function)
        return False

    @staticmethod
    def _only_before(entry: Entry, function: Function) -> bool:
        """Is it a constructor that only the starter of the one thread calls, before the start?"""
        if not is_constructor(function) or entry.many or entry.call < 0:
            return False
        calls = callers.in_use(function)
        return bool(calls) and all(
            link.caller.id == entry.starts and link.call.seq < entry.call for link in calls
        )

    def _join(self, function: Function) -> int:
        """Seq of the last unconditional join in this function; very large when there is none."""
        found = self._joins.get(function.id)
        if found is None:
            found = 1 << 60
            for link in function.calls:
                name = link.call.path.rpartition(".")[2]
                joins = name == "join" and not link.call.args and not link.call.keywords
                if joins and (link.external.endswith("Thread.join") or "thread" in link.receiver):
                    found = link.call.seq
            self._joins[function.id] = found
        return found


def _class_of(use: Use) -> Class | None:
    return class_at(use.function, use.base) if use.base else None


def _is_run(entry: Entry) -> bool:
    """Is it the body of a Thread subclass?"""
    return entry.role is RoleKind.THREAD and entry.function.endswith(".run")


def _runs_in(entry: Entry, cls: Class | None) -> bool:
    """Is the body of the thread a method of this class, or of one below it?"""
    kin = (*cls.mro, *cls.subclasses) if cls is not None else ()
    return any(c.facts.qualname == entry.body_class for c in kin)


def _ways_in(function: Function) -> Iterator[Link]:
    """Calls that bring others here: not from tests, constructors, or in the place of a thread."""
    return (link for link in callers.once_made(function) if not in_its_place(link))


def _own_body(function: Function, entry: Entry) -> bool:
    """Is the function the body of a thread that its own class (or nobody we see) starts?"""
    if function.cls is None or not entry.starts:
        return True
    kin = function.cls.mro
    return function.name == "run" or any(c.facts.qualname == entry.starter_class for c in kin)
