"""From a finding to what a run must do to show it: its sides, and who is to stand where at once.

A side is a line of the source, and what a run knows are sites and operations by the line on which
their statement begins; so a side is looked for among the lines of all accesses of a site.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from racecheck.core.finding import Finding, Step
from racecheck.explore.confirming.notes import Notes
from racecheck.explore.confirming.witness import Witness
from racecheck.explore.outcome import DEADLOCK, RACE, Failure, Run
from racecheck.explore.places import place_of
from racecheck.explore.strategies.directed import Target
from racecheck.runtime.sites import Site

MEET: Final = "race"
STALE: Final = "check"
CIRCLE: Final = "order"
"""Kinds: two meet at conflicting accesses; one acts on a stale check; locks in a circle."""

KINDS: Final = {
    **dict.fromkeys(("RC101", "RC102", "RC103", "RC104", "RC106", "RC108", "RC109"), MEET),
    **dict.fromkeys(("RC115", "RC119", "RC120", "RC130", "RC336"), MEET),
    **dict.fromkeys(("RC201", "RC202", "RC204", "RC205", "RC207", "RC214"), STALE),
    **dict.fromkeys(("RC309", "RC310"), CIRCLE),
}

ITERATED: Final = "RC115"
"""Whatever is changed meanwhile: that the change itself may be lost is another matter."""

MOST: Final = 6
"""Targets of one finding in one test."""

_APART: Final = frozenset({"call", "start", "enter", "holds", "create", "define"})
"""Roles of steps that say how one gets there, and are no side."""

_READS: Final = frozenset({"read", "reads", "check", "checks", "iterate", "iterates"})
_ACTS: Final = ("act", "acts")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a finding, as lines of a file."""

    path: str
    line: int
    end: int
    role: str
    place: str

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.role in _READS

    def holds(self, path: str, lines: Iterable[int]) -> bool:
        """Whether one of the lines is its own."""
        return _whole(path) == self.path and any(self.line <= n <= self.end for n in lines)


@dataclass(frozen=True, slots=True)
class Case:
    """A finding that runs can show. The first of `sides` is the one to be changed."""

    finding: Finding
    kind: str
    sides: tuple[Side, ...]
    name: str

    def reach(self, notes: Notes) -> Reached:
        """What of it a run came to."""
        return Reached(self, notes)

    def shown_by(self, failure: Failure) -> bool:
        """Whether a failure is what the finding speaks of."""
        if failure.kind == DEADLOCK and self.kind == CIRCLE:
            locks = [one.place for one in failure.blocked if one.kind == "lock"]
            return len(locks) > 1 and all(map(self._has, locks))
        if failure.kind != RACE or self.kind == CIRCLE:
            return False
        return any(self._is_race(race) for race in failure.findings)

    def _is_race(self, race: Finding) -> bool:
        """Between the side that is to be changed and another, or some other place."""
        if self.name and last(race.subject) != self.name:
            return False
        places = [f"{step.place.path}:{step.place.line}" for step in race.steps]
        if not any(self._has(place, self.sides[:1]) for place in places):
            return False
        iterated = race.code == ITERATED and self.finding.code != ITERATED
        return not iterated or all(map(self._has, places))

    def _has(self, place: str, sides: Sequence[Side] = ()) -> bool:
        path, _, line = place.rpartition(":")
        number = int(line) if line.isdigit() else 0
        return any(side.holds(path, [number]) for side in sides or self.sides)

    def failure_of(self, run: Run) -> Failure | None:
        """The failure of a run that shows it."""
        return next((one for one in run.failures if self.shown_by(one)), None)


class Reached:
    """A case in a test: the sites and operations of each side, with who came there."""

    def __init__(self, case: Case, notes: Notes) -> None:
        self.case = case
        self._notes = notes
        self._sites = [_sites_of(case, side, notes) for side in case.sides]

    @property
    def absent(self) -> str:
        """Why nothing can be tried, "" if something can: which side nobody reaches."""
        if self.targets():
            return ""
        missing = [
            s.place for s, who in zip(self.case.sides, self._agents(), strict=True) if not who
        ]
        if missing:
            return f"nobody reaches {' or '.join(dict.fromkeys(missing))} while other threads run"
        return "no two threads reach " + _and([side.place for side in self.case.sides])

    @property
    def points(self) -> set[int]:
        """The sites, as decision points."""
        return {number for group in self._sites for number in group}

    def witness(self) -> Witness:
        """Who sees in a run what the finding says."""
        sites, sides = self._sites, self.case.sides
        if self.case.kind == MEET:
            return Witness(together=[(sites[0], group) for group in sites])
        if self.case.kind == STALE:
            checks, acts, others = self._parts()
            return Witness(checks=checks, acts=acts, others=others)
        assert len(sites) == len(sides)
        return Witness()

    def targets(self) -> list[Target]:
        """Where agents are to stand, the most promising first."""
        ways = {MEET: self._meetings, STALE: self._gates, CIRCLE: self._circles}
        found = dict.fromkeys(ways[self.case.kind]())
        return [Target(f"{self.case.name} {n}", stops) for n, stops in enumerate(found)][:MOST]

    def _agents(self) -> list[set[str]]:
        if self.case.kind == CIRCLE:
            return [self._at(_acquires(side, self._notes)) for side in self.case.sides]
        return [self._who(group) for group in self._sites]

    def _who(self, numbers: Iterable[int]) -> set[str]:
        return {path for number in numbers for path in self._notes.at[number]}

    def _at(self, keys: Iterable[str]) -> set[str]:
        return {path for key in keys for path in self._notes.keys.get(key, ())}

    # -- two meet

    def _meetings(self) -> Iterator[tuple[str, str]]:
        sides, groups = self.case.sides, self._sites
        for side, group in zip(sides, groups, strict=True):
            if sides[0].reads and side.reads:
                continue
            for one in sorted(groups[0]):
                for other in sorted(group):
                    if _apart(self._notes.at[one], self._notes.at[other]):
                        yield self._key(one), self._key(other)

    def _key(self, number: int) -> str:
        site = self._notes.sites[number]
        place = place_of(site)
        if not site.after:
            return f"access {place}"
        coming = f"coming {place}"
        return coming if coming in self._notes.keys else f"accessed {place}"

    # -- one acts on a stale check

    def _parts(self) -> tuple[set[int], set[int], set[int]]:
        acts = {
            n
            for s, g in zip(self.case.sides, self._sites, strict=True)
            for n in g
            if s.role in _ACTS
        }
        if not acts:
            acts = set().union(*self._sites[1:2])
        return set(self._sites[0]), acts, set().union(*self._sites[2:])

    def _gates(self) -> Iterator[tuple[str, str]]:
        checks, acts, others = self._parts()
        gates = self._notes.between(checks, acts)
        for number in sorted(acts & checks):
            gates.setdefault(self._key(number), set()).update(self._notes.at[number])
        writes = [(self._key(n), self._notes.at[n]) for n in sorted(acts | others)]
        for gate, paths in gates.items():
            if len(paths) > 1:
                yield gate, gate
            for key, who in writes:
                if key != gate and _apart(paths, who):
                    yield gate, key
        looks = [(self._key(n), self._notes.at[n]) for n in sorted(checks)]
        if gates:
            for look, paths in looks:
                for key, who in writes:
                    if _apart(paths, who):
                        yield look, key

    # -- locks in a circle

    def _circles(self) -> Iterator[tuple[str, ...]]:
        keys = [_acquires(side, self._notes) for side in self.case.sides]
        if len(keys) == 1:
            keys = keys * 2
        for one in keys[0]:
            for other in keys[1]:
                if _apart(self._notes.keys[one], self._notes.keys[other]):
                    yield one, other


def case_of(finding: Finding) -> Case | None:
    """What runs can show of a finding; None if they cannot be steered to it."""
    kind = KINDS.get(finding.code)
    steps = [step for step in finding.steps if step.role not in _APART and step.place.line]
    if kind == CIRCLE:
        # Why: with the first lock taken, each is to stand before the second.
        steps = [step for step in steps if step.held] or steps
    if kind is None or not steps:
        return None
    return Case(finding, kind, tuple(map(_side, steps)), last(finding.subject))


def _side(step: Step) -> Side:
    place = step.place
    end = max(place.end_line, place.line)
    return Side(_whole(place.path), place.line, end, step.role, f"{place.path}:{place.line}")


def _sites_of(case: Case, side: Side, notes: Notes) -> list[int]:
    """The sites of a side; of several on its lines, those that touch what the finding is about."""
    found = [site for site in notes.sites.values() if side.holds(site.path, _lines(site))]
    named = [site for site in found if case.name and _touches(site, case.name)]
    return [site.number for site in named or found]


def _lines(site: Site) -> list[int]:
    return [site.line, *(access.line for access in site.accesses)]


def _touches(site: Site, name: str) -> bool:
    for access in (*site.accesses, *site.maybe):
        if name in (access.name, site.roots[access.root].name, *access.path):
            return True
    return False


def _acquires(side: Side, notes: Notes) -> list[str]:
    """Keys of the acquisitions on the lines of a side."""
    found = []
    for key in notes.keys:
        kind, _, place = key.partition(" ")
        path, _, line = place.rpartition(":")
        if kind == "acquire" and line.isdigit() and side.holds(path, [int(line)]):
            found.append(key)
    return found


def _apart(one: set[str], other: set[str]) -> bool:
    """Whether two different agents came there, one to each."""
    return any(a != b for a in one for b in other)


def last(subject: str) -> str:
    """`Ledger.balance["x"]` is about `balance`; two locks are about no name."""
    if "," in subject:
        return ""
    return re.split(r"[.\s]", subject.partition("[")[0])[-1]


@lru_cache(maxsize=4096)
def _whole(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - `..` goes, links stay


def _and(places: Sequence[str]) -> str:
    return " and ".join(dict.fromkeys(places))
