"""Watches runs for what a finding says: two stand before their accesses, or act on a stale check.

Two agents that stand before accesses of one field, of which one changes it, and can both go on, are
a race that was created (Sen, "Race Directed Random Testing of Concurrent Programs", PLDI 2008). A
check that others make stale before it is acted upon is the unserialisable order of Lu, Tucek, Qin
and Zhou (AVIO, ASPLOS 2006): check, a change by another agent, act.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from racecheck.explore.confirming.notes import Arrived, listening, stepping
from racecheck.explore.lab import Lab
from racecheck.explore.places import place_of
from racecheck.explore.reach import touches
from racecheck.runtime.sites import Site

Fields = dict[Hashable, bool]


class Seen(NamedTuple):
    """What was seen: the places, in the order in which they come, and the paths of the agents."""

    places: tuple[str, ...]
    agents: tuple[str, ...]


class Witness:
    """`together`: groups of sites before which distinct agents may stand. `checks`, `acts`,
    `others`: sites of a check, of the act upon it, and of changes by others."""

    def __init__(
        self,
        together: Sequence[tuple[Collection[int], Collection[int]]] = (),
        checks: Collection[int] = (),
        acts: Collection[int] = (),
        others: Collection[int] = (),
    ) -> None:
        self._together = together
        self._checks, self._acts = set(checks), set(acts)
        self._changes = self._acts | set(others)
        self._all = {n for pair in together for group in pair for n in group}
        self._all |= self._checks | self._changes
        self.begin()

    def begin(self) -> None:
        """A run begins."""
        self.seen: Seen | None = None
        self.acted = 0
        self._standing: dict[str, tuple[Site, Fields]] = {}
        self._checked: dict[tuple[str, Hashable], str] = {}
        self._stale: dict[tuple[str, Hashable], tuple[str, str]] = {}
        self._kept: list[Any] = []

    @contextmanager
    def watching(self, lab: Lab) -> Iterator[None]:
        """Runs of the lab are watched meanwhile."""

        def around(arrive: Arrived) -> Arrived:
            def told(site: Site, values: Sequence[Any]) -> None:
                agent = stepping(lab) if site.number in self._all else None
                if agent is None or site.announces:
                    arrive(site, values)
                    return
                # Why kept: the name of a field is an id, good as long as its object lives.
                self._kept.append(values)
                fields = _fields(site, values)
                self._stands(agent.path, site, fields)
                try:
                    arrive(site, values)
                finally:
                    self._standing.pop(agent.path, None)
                self._goes(agent.path, site, fields)

            return told

        with listening(lab, around):
            yield

    def _stands(self, path: str, site: Site, fields: Fields) -> None:
        if site.after:
            return
        self._standing[path] = site, fields
        for other, (stood, theirs) in self._standing.items():
            if other == path or self.seen is not None or not _conflict(fields, theirs):
                continue
            if any(self._pair(pair, site.number, stood.number) for pair in self._together):
                self.seen = Seen((place_of(stood), place_of(site)), (other, path))

    def _pair(self, pair: tuple[Collection[int], Collection[int]], one: int, other: int) -> bool:
        first, second = pair
        return (one in first and other in second) or (one in second and other in first)

    def _goes(self, path: str, site: Site, fields: Fields) -> None:
        place = place_of(site)
        if site.number in self._acts:
            self.acted += 1
            self._acts_on(path, place, fields)
        if site.number in self._changes:
            changed = {what for what, write in fields.items() if write}
            for (other, what), check in list(self._checked.items()):
                if other != path and what in changed:
                    self._stale[other, what] = check, f"{path} {place}"
        if site.number in self._checks:
            for what in fields:
                self._checked[path, what] = place
                self._stale.pop((path, what), None)

    def _acts_on(self, path: str, place: str, fields: Fields) -> None:
        for what, write in fields.items():
            stale = self._stale.pop((path, what), None)
            self._checked.pop((path, what), None)
            if stale is not None and write and self.seen is None:
                check, (other, there) = stale[0], stale[1].split(" ", 1)
                self.seen = Seen((check, there, place), (path, other, path))


def _fields(site: Site, values: Sequence[Any]) -> Fields:
    found: Fields = {}
    for what, write in touches(site, values) or ():
        found[what] = found.get(what, False) or write
    return found


def _conflict(one: Fields, other: Fields) -> bool:
    return any(one[what] or other[what] for what in one.keys() & other.keys())
