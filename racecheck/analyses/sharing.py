"""Evidence that an object or a global is used from several threads.

RacerD's lesson: no report without evidence. A class is shared when it starts a thread on its own
methods, when its bound methods or instances are handed to threads, when it owns a lock and uses it,
or when it says that it is thread-safe. What a shared object owns is shared through it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from racecheck.analyses.holders import holders
from racecheck.analyses.lockset import Locksets
from racecheck.analyses.objects import Objects
from racecheck.program.model import Class, Entry, Function, Program, RoleKind, State, Use

CONCURRENT = frozenset(
    {RoleKind.THREAD, RoleKind.POOL, RoleKind.REQUEST, RoleKind.CALLBACK, RoleKind.LOGGING}
)
"""Roles that run beside other code, in the same memory."""


class Strength(IntEnum):
    """How good the evidence is."""

    MODULE = 0
    CLAIM = 1
    LOCK = 2
    ENTRY = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a state is shared. `entries` are the thread entries among the reasons.

    outside: callers that we do not see may be on several threads, too, because the owner takes a
    lock or claims to be thread-safe. known_only: the object is shared by what holds it, so only
    calls that we see count. scope: the function whose local it is; each call has one of its own.
    """

    strength: Strength
    text: str
    entries: tuple[Entry, ...] = ()
    outside: bool = True
    known_only: bool = False
    scope: str = ""


class Sharing:
    """Evidence per class and per module; each worked out once."""

    def __init__(self, program: Program, locksets: Locksets) -> None:
        self._program = program
        self._locksets = locksets
        self.objects = Objects(program)
        self._lock_owners: dict[str, str] = {}
        self._module_locks: dict[str, str] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._find_locks()
        self._find_entries()
        self._loop_only: dict[str, bool] = {}
        self._holders = holders(program, set(self._lock_owners), self._entries)

    def _find_locks(self) -> None:
        """Which classes and modules take a thread lock of their own somewhere."""
        for function in self._program.functions.values():
            if not function.facts.regions or function.module.is_test:
                continue
            for ctx in range(len(function.facts.contexts)):
                for held in self._locksets.local(function, ctx):
                    lock = held.lock
                    if lock.is_async or lock.kind in ("file", "unknown"):
                        continue
                    if lock.scope in ("instance", "class"):
                        self._lock_owners.setdefault(lock.id.rpartition(".")[0], lock.name)
                    self._module_locks.setdefault(function.module.name, lock.name)

    def _find_entries(self) -> None:
        """Thread entries by the class whose object they run on."""
        for entry in self._program.entries:
            function = self._program.functions.get(entry.function)
            if function is None or not self._real(entry):
                continue
            owner = function.cls or _enclosing_class(function)
            if owner is not None:
                for cls in owner.mro or (owner,):
                    self._entries.setdefault(cls.id, []).append(entry)

    def _real(self, entry: Entry) -> bool:
        """Is it a concurrent entry of the program itself, and not one that its tests start?"""
        if entry.role not in CONCURRENT:
            return False
        functions = (self._program.functions.get(i) for i in (entry.function, entry.starts))
        return not any(f is not None and f.module.is_test for f in functions)

    # --- questions ------------------------------------------------------------------------

    def entries_on(self, cls: Class) -> list[Entry]:
        """Threads that run methods of this class (or of its subclasses) on a shared object."""
        return self._entries.get(cls.id, [])

    def lock_of(self, cls: Class) -> str:
        """Name of a thread lock that the class owns and takes, "" when there is none."""
        return next((self._lock_owners[c.id] for c in cls.mro if c.id in self._lock_owners), "")

    def of(self, state: State) -> Evidence | None:
        """Evidence that this state is shared, the best there is; None is silence."""
        if state.id.kind == "attribute":
            cls = self._program.classes.get(state.id.owner)
            return self._of_class(cls, state) if cls is not None else None
        return self._of_static(state)

    def _of_class(self, cls: Class, state: State) -> Evidence | None:
        if self.loop_only(cls):
            return None
        lock = self.lock_of(cls)
        own = self._reaching(state, self.entries_on(cls))
        if not own and _left_to_callers(cls):
            return None
        holder = self._holders.get(cls.id)
        entries = list(dict.fromkeys([*own, *(self._concurrent(state) if holder else ())]))
        if entries:
            text = _entry_text(entries[0])
            text = text if own else f"held in `{holder}`; {text}"
            known_only = not lock and not own
            return Evidence(Strength.ENTRY, text, tuple(entries), bool(lock), known_only)
        if lock:
            return Evidence(Strength.LOCK, f"`{cls.name}` owns and takes `{lock}`")
        if "thread-safe" in cls.facts.claims:
            return Evidence(Strength.CLAIM, f"`{cls.name}` is documented as thread-safe")
        return None

    def _concurrent(self, state: State) -> list[Entry]:
        """All concurrent entries that reach a use of the state, each once."""
        found = [
            e
            for use in state.uses
            if not use.function.module.is_test
            for e in self._coming(use, state)
            if self._real(e) and not _sideshow(e, state)
        ]
        return sorted(dict.fromkeys(found), key=lambda e: (e.place.path, e.place.line, e.function))

    def _reaching(self, state: State, entries: list[Entry]) -> list[Entry]:
        """Entries among `entries` that reach one of the state's uses."""
        reached = {e for use in state.uses for e in self._coming(use, state)} if entries else ()
        return [e for e in entries if e in reached and not _sideshow(e, state)]

    def _coming(self, use: Use, state: State) -> Iterable[Entry]:
        """Entries that come to a use, for attributes with an object that is not their own."""
        if state.id.kind != "attribute":
            return use.function.entries
        return [arrival.entry for arrival in self.objects.arrivals(use)]

    def _of_static(self, state: State) -> Evidence | None:
        entries = self._concurrent(state)
        if entries:
            scope = state.id.owner if state.id.kind == "cell" else ""
            text = _entry_text(entries[0])
            return Evidence(Strength.ENTRY, text, tuple(entries), False, scope=scope)
        if state.id.kind == "cell":
            return None
        module = state.id.owner
        cls = self._program.classes.get(module)
        if cls is not None:
            if self.loop_only(cls):
                return None
            module = cls.module.name
            if own := self.lock_of(cls):
                return Evidence(Strength.LOCK, f"`{cls.name}` owns and takes `{own}`")
        if lock := self._module_locks.get(module):
            return Evidence(Strength.LOCK, f"the module takes `{lock}`")
        return Evidence(Strength.MODULE, "module-level state is shared by all threads")

    def loop_only(self, cls: Class) -> bool:
        """Does the class live on one event loop? Its coroutines race across `await` only."""
        known = self._loop_only.get(cls.id)
        if known is None:
            known = self._loop_only[cls.id] = self._lives_on_loop(cls)
        return known

    def _lives_on_loop(self, cls: Class) -> bool:
        methods = [m for c in cls.mro for m in c.methods.values()]
        if not any(m.facts.is_async for m in methods):
            return any("asyncio" in name and "Protocol" in name for name in cls.externals)
        return not self.entries_on(cls) and not self.lock_of(cls)


def _left_to_callers(cls: Class) -> bool:
    """Says the class, a base or the module that it is not thread-safe? The nearest word counts."""
    said = (*(c.facts.claims for c in cls.mro or (cls,)), cls.module.facts.docs)
    words = [claim for claims in said for claim in claims if claim.endswith("thread-safe")]
    return words[:1] == ["not-thread-safe"]


def _sideshow(entry: Entry, state: State) -> bool:
    """Is the thread started only by an example or a benchmark that stands beside the package?"""
    shows = _SIDESHOWS.intersection(entry.place.path.lower().split("/")[:-1])
    if not shows:
        return False
    paths = {use.function.module.path.lower() for use in state.uses}
    return any(shows.isdisjoint(path.split("/")[:-1]) for path in paths)


_SIDESHOWS = frozenset("examples example docs doc demo demos bench benchmarks samples".split())


def _enclosing_class(function: Function) -> Class | None:
    """The class whose method a nested function or lambda stands in: `self` is captured."""
    up = function.parent
    while up is not None:
        if up.cls is not None:
            return up.cls
        up = up.parent
    return None


def _entry_text(entry: Entry) -> str:
    name = entry.function.rpartition(":")[2]
    many = ", several at once" if entry.many else ""
    return f"`{name}` runs on {_ROLE_WORDS[entry.role]} ({entry.how} at {entry.place}{many})"


_ROLE_WORDS = {
    RoleKind.THREAD: "a thread",
    RoleKind.POOL: "pool workers",
    RoleKind.REQUEST: "request threads",
    RoleKind.CALLBACK: "a library's thread",
    RoleKind.LOGGING: "every thread that logs",
}
