"""Which lock protects which state: declared, or inferred by majority.

The counts are those of SpotBugs (IS2). A use counts as locked by L when L is surely held there and,
for a lock of the same class as the state, belongs to the same object. Writes weigh twice. L is the
guard when at least half of the uses hold it and the unlocked ones are few (`1.6 * (unlocked - 1) <=
locked` in weighted counts), or when every write holds it and there are several.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from racecheck.analyses.lockset import GUESS, Locksets
from racecheck.analyses.phases import Phases
from racecheck.facts.schema import CHANGES
from racecheck.program.model import Function, Held, Lock, Program, State, Use


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A use with the locks held there.

    wild: an unknown lock is held, so nothing can be said. throughout: locks held from the
    function's first statement to its last, by decorators, contracts or all callers.
    """

    use: Use
    held: frozenset[Held]
    wild: bool
    throughout: frozenset[Held] = frozenset()

    @property
    def is_write(self) -> bool:
        """Does this use change the state?"""
        return self.use.access.kind in CHANGES

    @property
    def weight(self) -> int:
        """SpotBugs' bias: writes count twice."""
        return 2 if self.is_write else 1

    @property
    def locks(self) -> tuple[str, ...]:
        """Names of the locks held, for people."""
        return tuple(sorted({h.lock.name for h in self.held if not h.lock.is_async}))

    def holds(self, lock: Lock, owner: str) -> bool:
        """Is `lock`, of the object this use goes through, held here?"""
        return any(h.lock.id == lock.id and _same_object(h, self.use, owner) for h in self.held)

    def surely_holds(self, lock: Lock, owner: str) -> bool:
        """The same without guesses, which may excuse this use and say nothing about others."""
        return any(
            h.lock.id == lock.id and h.via != GUESS and _same_object(h, self.use, owner)
            for h in self.held
        )


def _same_object(held: Held, use: Use, owner: str) -> bool:
    if held.lock.scope != "instance" or held.base.startswith("caller:"):
        return True
    if held.lock.id.rpartition(".")[0] != owner:
        return True
    return held.base == use.base or not use.base


@dataclass(frozen=True, slots=True)
class Guard:
    """The lock that protects a state. locked and total count the uses after construction."""

    lock: Lock
    declared: bool
    locked: int
    total: int

    @property
    def text(self) -> str:
        """`guarded by X in 5 of 7 uses`."""
        if self.declared:
            return f"declared as guarded by `{self.lock.name}`"
        return f"`{self.lock.name}` is held in {self.locked} of {self.total} uses"


@dataclass(slots=True)
class Profile:
    """A state with its uses outside of construction and tests."""

    state: State
    seen: list[Seen] = field(default_factory=list)
    guard: Guard | None = None

    @property
    def written(self) -> bool:
        """Is it ever changed after construction?"""
        return any(s.is_write for s in self.seen)

    def common(self, one: Seen, other: Seen) -> bool:
        """Do two uses hold a lock in common (an unknown lock counts as common)?"""
        if one.wild or other.wild:
            return True
        return any(other.holds(h.lock, self.owner) for h in one.held if self._counts(one, h))

    def _counts(self, seen: Seen, held: Held) -> bool:
        return not held.lock.is_async and _same_object(held, seen.use, self.owner)

    @property
    def owner(self) -> str:
        """Id of the class or module that owns the state."""
        return self.state.id.owner

    def guarded(self, seen: Seen) -> bool:
        """Does this use hold the guard?"""
        return self.guard is not None and seen.holds(self.guard.lock, self.owner)


class Guards:
    """Profiles of all states."""

    def __init__(self, program: Program, locksets: Locksets, phases: Phases) -> None:
        self._program = program
        self._locksets = locksets
        self._phases = phases
        self._profiles: dict[object, Profile] = {}

    def profile(self, state: State) -> Profile:
        """The state's uses with locksets, and its guard."""
        found = self._profiles.get(state.id)
        if found is None:
            found = Profile(state)
            for use in state.uses:
                if not self._phases.private(use, state.id.kind == "attribute"):
                    found.seen.append(self._see(use))
            found.guard = self._infer(found)
            self._profiles[state.id] = found
        return found

    def _see(self, use: Use) -> Seen:
        held = self._locksets.at(use.function, use.access.ctx)
        wild = any(h.lock.kind in ("unknown", "rwlock") or h.lock.many for h in held)
        wild = wild or _handed_away(use.function)
        return Seen(use, held, wild, self._locksets.throughout(use.function))

    def _infer(self, profile: Profile) -> Guard | None:
        counts: Counter[str] = Counter()
        by_id: dict[str, Lock] = {}
        for seen in profile.seen:
            for lock_id in {h.lock.id for h in seen.held if self._can_guard(h)}:
                lock = next(h.lock for h in seen.held if h.lock.id == lock_id)
                if seen.holds(lock, profile.owner):
                    counts[lock_id] += 1
                    by_id[lock_id] = lock
        for lock_id, _ in counts.most_common(2):
            if guard := self._majority(profile, by_id[lock_id]):
                return guard
        return None

    @staticmethod
    def _can_guard(held: Held) -> bool:
        lock = held.lock
        known = not lock.many and lock.kind not in ("unknown", "file")
        return known and not lock.is_async and held.via != GUESS

    @staticmethod
    def _majority(profile: Profile, lock: Lock) -> Guard | None:
        known = [s for s in profile.seen if not s.wild]
        locked = [s for s in known if s.surely_holds(lock, profile.owner)]
        unlocked = [s for s in known if not s.surely_holds(lock, profile.owner)]
        writes = [s for s in known if s.is_write]
        if len(writes) > 1 and all(s in locked for s in writes):
            return Guard(lock, False, len(locked), len(known))
        few = len(locked) < 2 or len(locked) < len(unlocked)
        if few or not any(s.is_write for s in locked):
            return None
        biased_locked = sum(s.weight for s in locked)
        biased_unlocked = sum(s.weight for s in unlocked)
        if 1.6 * (biased_unlocked - 1) > biased_locked:
            return None
        return Guard(lock, False, len(locked), len(known))


def _handed_away(function: Function) -> bool:
    """A closure that is passed on to code we do not see: its caller may hold the lock."""
    entry = any(e.function == function.id for e in function.entries)
    return function.parent is not None and function.escapes and not function.callers and not entry
