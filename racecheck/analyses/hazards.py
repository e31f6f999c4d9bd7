"""Conflicting uses of shared state, with the evidence: what the race checks choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses import atomicity, windows
from racecheck.analyses.guards import Guards, Profile, Seen
from racecheck.analyses.parallel import Overlap, Parallel
from racecheck.analyses.sharing import Evidence, Sharing
from racecheck.catalog.models import Models
from racecheck.program.model import Program, State

CONTAINERS = frozenset(
    "dict list set collections.deque collections.defaultdict collections.OrderedDict"
    " collections.Counter collections.UserDict collections.UserList bytearray".split()
)
DRAWN = "updated and then read again: another thread's update may lie between"
_HARMLESS = frozenset(
    {"threading.local", "contextvars.ContextVar", "weakref.ref", "itertools.count"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """A use that is not protected against another one that can happen at the same time.

    `other` may be the same use on a second thread; `overlap` says how we know. `compound` says in
    words why losing is possible on every build, "" when each step alone is atomic.
    """

    profile: Profile
    evidence: Evidence
    seen: Seen
    other: Seen
    compound: str
    overlap: Overlap

    @property
    def rank(self) -> tuple[bool, bool, Overlap, bool]:
        """How much the partner tells: compound steps first, changes, seen threads, their locks."""
        return bool(self.compound), self.other.is_write, self.overlap, bool(self.other.locks)


class Hazards:
    """Walks the shared, written, not thread-safe states of a program."""

    def __init__(
        self,
        program: Program,
        models: Models,
        guards: Guards,
        sharing: Sharing,
        parallel: Parallel,
    ) -> None:
        self._program = program
        self._models = models
        self._guards = guards
        self._sharing = sharing
        self.parallel = parallel
        self._shared: list[tuple[Profile, Evidence]] | None = None
        self._compound: dict[Seen, str] = {}

    def shared(self) -> list[tuple[Profile, Evidence]]:
        """States written after construction and shared by some evidence, in stable order."""
        if self._shared is None:
            self._shared = list(self._find())
        return self._shared

    def _find(self) -> Iterator[tuple[Profile, Evidence]]:
        states = self._program.states.values()
        for state in sorted(states, key=lambda s: (s.id.owner, s.id.name, s.id.kind)):
            if not self._plain(state):
                continue
            profile = self._guards.profile(state)
            if not profile.written:
                continue
            evidence = self._sharing.of(state)
            if evidence is not None:
                yield profile, evidence

    def _plain(self, state: State) -> bool:
        """Not a lock, an event, a queue, a thread-local: state that needs a guard."""
        if len(state.uses) < 2 and state.id.kind == "attribute":
            return False
        return not any(
            t in self._models.safe or t in _HARMLESS or t in self._models.locks for t in state.types
        )

    def starts_threads(self, state: State) -> bool:
        """Does the class that owns the state run methods of its own on threads?"""
        cls = self._program.classes.get(state.id.owner)
        return cls is not None and bool(self._sharing.entries_on(cls))

    def is_container(self, state: State) -> bool:
        """Is it a built-in container, as far as all stores say?"""
        return bool(state.types & CONTAINERS)

    def worst(self, profile: Profile, evidence: Evidence, seen: Seen) -> Hazard | None:
        """The partner that makes this use most dangerous; None when it is protected."""
        if seen.wild:
            return None
        best: Hazard | None = None
        for other in profile.seen:
            compound = self._together(profile, seen, other)
            if not (other.is_write or compound or seen.use.access.kind == "iterate"):
                continue
            if _keeps_the_old(seen, other) or _other_item(seen, other):
                continue
            overlap = self.conflict(profile, evidence, seen, other)
            if not overlap:
                continue
            found = Hazard(profile, evidence, seen, other, compound, overlap)
            if best is None or found.rank > best.rank:
                best = found
        return best

    def _together(self, profile: Profile, seen: Seen, other: Seen) -> str:
        """Why a value can be lost between these two, in words.

        A counter that is moved on and then read again shows the same number to two threads only if
        both of them read it again.
        """
        mine, theirs = self.compound(profile, seen), self.compound(profile, other)
        if (mine == DRAWN) != (theirs == DRAWN):
            return theirs if mine == DRAWN else mine
        return mine or theirs

    def conflict(self, profile: Profile, evidence: Evidence, one: Seen, other: Seen) -> Overlap:
        """At least one writes, no lock in common, and they can overlap."""
        if not (one.is_write or other.is_write) or profile.common(one, other):
            return Overlap.NONE
        if _sets_up(profile, one, evidence) or _sets_up(profile, other, evidence):
            return Overlap.NONE
        return self.parallel.overlap(evidence, one.use, other.use)

    def compound(self, profile: Profile, seen: Seen) -> str:
        """Why this use is more than one atomic step, in words; "" when it is one step."""
        known = self._compound.get(seen)
        if known is None:
            known = self._compound[seen] = self._steps(profile, seen)
        return known

    def _steps(self, profile: Profile, seen: Seen) -> str:
        access, facts = seen.use.access, seen.use.function.facts
        if access.kind in ("update", "mutate") and access.window:
            return "read, computed with a call in between, and stored"
        if access.kind == "update" and any(windows.read_back(facts, access)):
            return DRAWN
        if access.kind == "iterate" and not access.snapshot and windows.loop_open(facts, access):
            return "iterated while it can change"
        if self.acts(profile, seen):
            return "tested and then changed on the strength of the test"
        return ""

    @staticmethod
    def acts(profile: Profile, check: Seen) -> bool:
        """Is it a test, and does the same function change the state in a branch of it?"""
        function = check.use.function
        if check.use.access.kind != "check":
            return False
        index = atomicity.test_of(function.facts, check.use.access)
        return index >= 0 and any(
            s.is_write
            and s.use.function is function
            and s.use.base == check.use.base
            and not _other_item(check, s)
            and atomicity.depends(function.facts, s.use.access, index)
            for s in profile.seen
        )


def _other_item(seen: Seen, other: Seen) -> bool:
    return atomicity.other_item(seen.use.access, other.use.access)


def _keeps_the_old(seen: Seen, other: Seen) -> bool:
    """Does the other side iterate over what was there before this use stores something new?"""
    access = seen.use.access
    return access.kind == "update" and access.via == "=" and other.use.access.kind == "iterate"


def _sets_up(profile: Profile, seen: Seen, evidence: Evidence) -> bool:
    """Is this a use of a captured local by the function that owns it, before any thread sees it?"""
    owner = profile.state.id
    if owner.kind != "cell" or seen.use.function.id != owner.owner:
        return False
    starts = [e.call for e in evidence.entries if e.starts == owner.owner]
    return not starts or seen.use.access.seq < min(starts)
