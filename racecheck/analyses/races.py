"""Verdicts on shared state: each unprotected use gets one kind, the most telling one.

The race checks each take one kind and put it into words. Order of choice: a declared guard, a pair
of check and act, iteration, another lock, an inferred guard, and last the lost update without any
lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses import atomicity, harmless, stamps, windows
from racecheck.analyses.atomicity import CheckAct
from racecheck.analyses.guards import Guard, Profile, Seen
from racecheck.analyses.hazards import DRAWN, Hazard, Hazards
from racecheck.analyses.parallel import Overlap
from racecheck.analyses.phases import winds_up
from racecheck.analyses.sharing import Evidence, Strength
from racecheck.core.finding import Confidence, Severity
from racecheck.program.model import Held, Lock


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """One verdict. `pair` is set for check-then-act kinds, `other` is the use it conflicts with."""

    kind: str
    profile: Profile
    evidence: Evidence
    seen: Seen
    other: Seen | None
    why: str
    confidence: Confidence
    severity: Severity | None = None
    pair: CheckAct | None = None

    @property
    def guard(self) -> Guard | None:
        """The state's guard."""
        return self.profile.guard


class Races:
    """All verdicts of a program, computed once."""

    def __init__(self, hazards: Hazards, free_threaded: bool) -> None:
        self._hazards = hazards
        self._free_threaded = free_threaded
        self._all: list[Race] | None = None

    def of(self, *kinds: str) -> Iterator[Race]:
        """Verdicts of these kinds."""
        if self._all is None:
            self._all = [race for p, e in self._hazards.shared() for race in self._judge(p, e)]
        return (race for race in self._all if race.kind in kinds)

    # --- one state ------------------------------------------------------------------------

    def _judge(self, profile: Profile, evidence: Evidence) -> Iterator[Race]:
        if profile.state.guarded_by:
            return
        weak: dict[str, Race] = {}
        told: set[str] = set()
        for race in self._pairs(profile, evidence):
            function = race.seen.use.function.id
            if race.confidence is Confidence.POSSIBLE:
                weak.setdefault(function, race)
                continue
            told.add(function)
            yield race
        for seen in profile.seen:
            function = seen.use.function.id
            silent = function in told or harmless.known(seen)
            hazard = None if silent else self._hazards.worst(profile, evidence, seen)
            verdict = self._unprotected(hazard) if hazard else None
            if verdict is not None:
                told.add(function)
                yield verdict
        yield from (race for function, race in weak.items() if function not in told)

    # --- check-then-act -------------------------------------------------------------------

    def _pairs(self, profile: Profile, evidence: Evidence) -> Iterator[Race]:
        for pair in atomicity.pairs(profile):
            if pair.rechecked or harmless.expected(pair) or atomicity.only_noted(profile, pair):
                continue
            if harmless.known(pair.check) or harmless.known(pair.act):
                continue
            if stamps.only_passed_twice(profile, pair) or harmless.never_missing(profile, pair):
                continue
            kind = _pair_kind(pair)
            other, overlap = self._rival(profile, evidence, pair)
            if not kind or other is None:
                continue
            sure = pair.open or self._free_threaded
            severity = None if sure else Severity.NOTE
            confidence = self._pair_confidence(profile, overlap, pair)
            if not sure or (pair.kind == "lookup" and harmless.unused(other)):
                confidence = Confidence.POSSIBLE
            why = _PAIR_WHY[pair.section]
            yield Race(kind, profile, evidence, pair.check, other, why, confidence, severity, pair)

    def _rival(
        self, profile: Profile, evidence: Evidence, pair: CheckAct
    ) -> tuple[Seen | None, Overlap]:
        """A use on another thread that makes the check stale."""
        rivals = atomicity.rivals(profile, pair)
        if not self._free_threaded:
            rivals = [r for r in rivals if not harmless.outlived(pair, r)]
        rivals.sort(key=lambda r: (harmless.unused(r), r is pair.act))
        best, best_overlap = None, Overlap.NONE
        for rival in rivals:
            overlap = self._hazards.parallel.overlap(evidence, pair.check.use, rival.use)
            if overlap > best_overlap:
                best, best_overlap = rival, overlap
        if best is not None and evidence.strength < Strength.LOCK:
            return best, Overlap.NONE
        return best, best_overlap

    def _pair_confidence(self, profile: Profile, overlap: Overlap, pair: CheckAct) -> Confidence:
        strong = overlap is Overlap.THREADS
        if pair.section in ("split", "act") and overlap:
            sure = strong or pair.kind not in ("flag", "use", "lookup")
        elif pair.kind in ("use", "lookup", "flag"):
            sure = strong and pair.open
        else:
            sure = strong or (profile.guard is not None and bool(overlap))
            sure = sure and not (pair.section == "none" and harmless.idempotent(profile, pair))
        return Confidence.LIKELY if sure else Confidence.POSSIBLE

    # --- single uses ----------------------------------------------------------------------

    def _unprotected(self, hazard: Hazard) -> Race | None:
        access = hazard.seen.use.access
        if access.kind == "iterate":
            return self._iteration(hazard)
        if access.kind not in ("update", "mutate", "write", "delete"):
            return None
        if hazard.profile.guard is not None:
            return self._against_guard(hazard)
        return self._without_guard(hazard)

    def _iteration(self, hazard: Hazard) -> Race | None:
        profile, seen, types = hazard.profile, hazard.seen, hazard.profile.state.types
        if not hazard.compound or seen.use.access.snapshot:
            return None
        if not (types & _SIZED or seen.use.access.via in ("items", "values", "keys")):
            return None
        growing = self._growing(hazard)
        harmful = _SHRINKS if types <= {"list"} else None
        disturbing = [s for s in growing if _disturbs(s, harmful)]
        if not disturbing:
            return None
        other = min(
            disturbing, key=lambda s: (s.use.function is seen.use.function, harmless.unused(s))
        )
        # Why an entry: read by hand, none of five that rest on the class's own lock alone was true.
        seen_threads = hazard.evidence.strength is Strength.ENTRY
        strong = hazard.overlap is Overlap.THREADS or (profile.guard is not None and seen_threads)
        strong = strong and not all(map(harmless.unused, growing)) and not _alone(seen, other)
        strong = strong and not harmless.interrupted(profile, seen)
        confidence = Confidence.LIKELY if strong else Confidence.POSSIBLE
        why = "a change of size during the loop raises RuntimeError or skips elements"
        return _race("iteration", hazard, other, why, confidence, None)

    def _growing(self, hazard: Hazard) -> list[Seen]:
        """Changes of size that can meet an iteration."""
        return [
            s
            for s in hazard.profile.seen
            if s.use.access.kind == "mutate"
            and harmless.resizes(s)
            and not winds_up(s.use.function)
            and not harmless.in_its_loops(hazard.profile, s)
            and self._hazards.conflict(hazard.profile, hazard.evidence, hazard.seen, s)
        ]

    def _against_guard(self, hazard: Hazard) -> Race | None:
        profile, seen = hazard.profile, hazard.seen
        guard, access = profile.guard, seen.use.access
        if guard is None or profile.guarded(seen) or winds_up(seen.use.function):
            return None
        if harmless.renews(seen, guard.lock) or harmless.begins_anew(seen):
            return None
        if harmless.starts_over(profile, seen):
            return None
        if not self._matters(profile, seen):
            return None
        locks = [h for h in seen.held if not h.lock.is_async and h.lock.kind != "unknown"]
        if locks:
            confidence = _lock_confidence(profile, seen, guard.lock)
            return _race("mixed", hazard, hazard.other, guard.text, confidence, None)
        entry = hazard.evidence.strength is Strength.ENTRY and bool(seen.use.function.entries)
        kind = "unguarded" if entry else "inconsistent"
        if access.kind == "update" and (not hazard.compound or _closed(hazard)):
            return self._by_accident(kind, hazard, guard.text, Confidence.LIKELY)
        return _race(kind, hazard, hazard.other, guard.text, Confidence.LIKELY, None)

    def _by_accident(
        self, kind: str, hazard: Hazard, why: str, confidence: Confidence = Confidence.POSSIBLE
    ) -> Race:
        """One step on a GIL build, a lost update on a free-threaded one."""
        if self._free_threaded:
            return _race(kind, hazard, hazard.other, why, Confidence.LIKELY, None)
        why = f"atomic only by accident: nothing switches threads in between; {why}".rstrip("; ")
        return _race(kind, hazard, hazard.other, why, confidence, Severity.NOTE)

    def _matters(self, profile: Profile, seen: Seen) -> bool:
        """Would a lost or torn value follow? Lone stores of flags and appends are by design."""
        access = seen.use.access
        guarded = [s for s in profile.seen if profile.guarded(s)]
        if access.kind == "update":
            return True
        if access.kind == "mutate":
            if access.via == "[]+=":
                return True
            longer = profile.state.types <= {"list"} and access.via in _LENGTHENS
            kinds = _RELYING if longer else _RELYING | {"iterate"}
            return any(
                s.use.access.kind in kinds or s.use.access.via in ("[]+=", "snapshot", "len")
                for s in guarded
            )
        if access.value is not None and access.value.kind == "const":
            return harmless.dereferences(guarded) and access.value.text == "None"
        return any(s.use.access.kind in ("update", "mutate", "iterate", "check") for s in guarded)

    def _without_guard(self, hazard: Hazard) -> Race | None:
        profile, seen, access = hazard.profile, hazard.seen, hazard.seen.use.access
        strong = hazard.overlap is Overlap.THREADS
        if other := _under_another_lock(profile, seen):
            why = "each side holds a lock, but not the same one"
            confidence = _lock_confidence(profile, seen, None)
            return _race("mixed", hazard, other, why, confidence, None)
        if access.kind != "update" and access.via != "[]+=":
            return None
        if not hazard.other.is_write and not self._hazards.acts(profile, hazard.other):
            return None
        if access.via in ("+=", "|=") and self._hazards.is_container(profile.state):
            return None
        if seen.locks and not hazard.other.locks:
            return None
        if _closed(hazard):
            kind = _place_kind(profile, "lost update", access.kind)
            return self._by_accident(kind, hazard, hazard.compound)
        if access.window or hazard.compound == DRAWN:
            # A class may own a lock for something else: is it one that lives with threads?
            drawn = not access.window and self._hazards.starts_threads(profile.state)
            locked = any(s.locks for s in profile.seen)
            sure = strong or (bool(hazard.overlap) and (drawn or locked))
            kind = _place_kind(profile, "lost update", access.kind)
            confidence = Confidence.LIKELY if sure else Confidence.POSSIBLE
            return _race(kind, hazard, hazard.other, hazard.compound, confidence, None)
        if not strong:
            return None
        kind = _place_kind(profile, "unguarded", access.kind)
        if not hazard.compound:
            return self._by_accident(kind, hazard, "")
        return _race(kind, hazard, hazard.other, hazard.compound, Confidence.LIKELY, None)


def _closed(hazard: Hazard) -> bool:
    """Counters that both are moved on and read again at once: no switch there on a GIL build."""
    uses = (hazard.seen.use, hazard.other.use)
    return hazard.compound == DRAWN and not any(
        windows.read_back_openly(use.function.facts, use.access) for use in uses
    )


_SHRINKS = frozenset({"pop", "popleft", "remove", "del[]", "popitem", "clear", "insert", "discard"})
_LENGTHENS = frozenset({"append", "extend"})
_RELYING = frozenset({"write", "check", "update"})
_SIZED = frozenset(
    {
        "dict",
        "set",
        "list",
        "collections.deque",
        "collections.OrderedDict",
        "collections.defaultdict",
    }
)
_PAIR_WHY = {
    "none": "no lock is held from the check to the act",
    "act": "only the act holds the lock; the check is stale when the lock is taken",
    "split": "the lock is released between the check and the act",
}


def _alone(seen: Seen, other: Seen) -> bool:
    """Are both in one function that threads come to, but only one of them at a time?"""
    entries = seen.use.function.entries
    same = seen.use.function is other.use.function
    return same and bool(entries) and not (len(entries) > 1 or entries[0].many)


def _disturbs(seen: Seen, harmful: frozenset[str] | None) -> bool:
    """Does a loop that runs suffer from this change? A list that only gets longer is no trouble."""
    via = seen.use.access.via
    return via in harmful if harmful is not None else via not in _LENGTHENS


def _lock_confidence(profile: Profile, seen: Seen, guard: Lock | None) -> Confidence:
    """A lock that only a caller of another class holds is there for something else."""
    sure = bool(_own_locks(profile, seen)) and (
        guard is None or any(h.lock == guard for s in profile.seen for h in _own_locks(profile, s))
    )
    return Confidence.LIKELY if sure else Confidence.POSSIBLE


def _own_locks(profile: Profile, seen: Seen) -> list[Held]:
    """Locks of the state's owner, and those that this function takes itself."""
    owner = profile.state.id.owner
    return [h for h in seen.held if h.lock.id.startswith(owner) or h not in seen.throughout]


def _under_another_lock(profile: Profile, seen: Seen) -> Seen | None:
    """A write under a lock that most uses hold, when this one holds only another lock."""
    mine = {h.lock.id for h in seen.held if not h.lock.is_async and h.lock.kind != "unknown"}
    if not mine:
        return None
    followers = sum(1 for s in profile.seen if mine & {h.lock.id for h in s.held})
    for other in profile.seen:
        theirs = {h.lock.id for h in _own_locks(profile, other) if not h.lock.is_async}
        if other.is_write and theirs and not mine & theirs and not other.wild:
            if sum(1 for s in profile.seen if theirs & {h.lock.id for h in s.held}) > followers:
                return other
    return None


def _pair_kind(pair: CheckAct) -> str:
    if pair.section == "split":
        return "split"
    if pair.kind == "lazy":
        return "double-checked" if pair.section == "act" else "lazy"
    if pair.kind in ("insert", "lookup"):
        return "double-checked" if pair.section == "act" and pair.kind == "insert" else "check dict"
    if pair.kind == "remove":
        keyed = pair.act.use.access.via == "del[]" or pair.check.use.access.via in ("in", "not in")
        return "check dict" if keyed and pair.act.use.access.via != "remove" else "check remove"
    return "check"


def _place_kind(profile: Profile, kind: str, access: str) -> str:
    if access == "mutate" and profile.state.id.kind == "global":
        return "global container"
    if access == "mutate" and profile.state.id.kind == "class attribute":
        return "class container"
    return kind


def _race(
    kind: str,
    hazard: Hazard,
    other: Seen | None,
    why: str,
    confidence: Confidence,
    severity: Severity | None,
) -> Race:
    return Race(
        kind, hazard.profile, hazard.evidence, hazard.seen, other, why, confidence, severity
    )
