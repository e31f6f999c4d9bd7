"""Accesses as decision points: which sites matter is learned from runs, not guessed.

A site matters if it touches a field that two agents touch and one changes (the "interesting events"
of RaceFuzzer and SURW). What is learned in a run counts from the next one on, so that a run does
not change its rules in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from racecheck.explore.control.controller import Controller
from racecheck.explore.operations import Operation, Touches
from racecheck.explore.places import place_of
from racecheck.explore.spread import spread
from racecheck.runtime.changes import changes_of
from racecheck.runtime.deliver import failed
from racecheck.runtime.sites import Site, before, behind, sites

TIRED: Final = 1000
"""Arrivals at sites that are no decision points after which one is made of the next."""

Changes: TypeAlias = "list[tuple[Any, Any, bool]]"


class Field:
    """A field of an object in one run: who touched it, and at which sites. Keeps the object."""

    __slots__ = ("agents", "base", "sites", "written")

    def __init__(self, base: Any) -> None:
        self.base = base
        self.agents: set[str] = set()
        self.sites: set[int] = set()
        self.written = False


class Reach:
    """Told of every arrival at a site. `points`: numbers of the sites that are decision points."""

    def __init__(self, controller: Controller) -> None:
        self.points: set[int] = set()
        self.places: dict[int, str] = {}
        self.late = False
        """Whether one of them is told after it has happened and was not announced: then nobody can
        come before it, and what a step touches is not all known when it is chosen."""
        self._known: dict[int, bool] = {}
        self._controller = controller
        self._fields: dict[tuple[int, Any], Field] = {}
        controller.at_begin.append(self._fields.clear)

    def arrive(self, site: Site, values: Sequence[Any]) -> None:
        """The calling thread stands at a site with these objects."""
        controller = self._controller
        agent = controller.local.agent
        if agent is None or not controller.active:
            return
        if site.announces:
            if site.announces in self.points:
                place = self.places.get(site.number) or self._place(site)
                controller.point("coming", place, None)
            return
        polls = site.always and any(a.polls for a in site.accesses)
        changes = _told(site, values)
        # Why points as well: other sites that touch the same field may not be known yet.
        self._learn(agent.path, site, changes)
        if site.number not in self.points and not polls:
            if controller.watch is not None and agent.task is not None:
                operation = Operation("access", self._place(site), _touched(changes))
                controller.watch.passes(agent, operation, site, values)
            agent.idle += 1
            if agent.idle < TIRED and not controller.over:
                return
            # Why: it may be waiting in a way that we do not understand, in its first run above all.
            polls = True
        agent.idle = 0
        place = self.places.get(site.number) or self._place(site)
        kind = "accessed" if site.after else "access"
        touched = _touched(changes)
        watch = controller.watch
        if watch is not None and site.after:
            watch.accesses(agent, Operation(kind, place, touched), site, values)
        if polls or not self._is_announced(site):
            whole = touched if site.after or not self._goes_on(site) else None
            controller.point(kind, place, whole, polls)
        if watch is not None and not site.after:
            watch.accesses(agent, Operation(kind, place, touched), site, values)

    def learned(self) -> int:
        """A run is over: how many sites have become points by it."""
        new: set[int] = set()
        for field in self._fields.values():
            if field.written and len(field.agents) > 1:
                new |= field.sites
        new -= self.points
        self.points |= new
        self.late = any(before(sites[number]) is None for number in self.points)
        self._fields.clear()
        return len(new)

    def _is_announced(self, site: Site) -> bool:
        """Whether its agent has stood before the statement already, where that is told behind."""
        known = self._known.get(site.number)
        if known is None:
            known = self._known[site.number] = site.after and before(site) is not None
        return known

    def _goes_on(self, site: Site) -> bool:
        """Whether the same statement has more to tell behind, so that it touches more than this."""
        other = behind(site)
        return other is not None and other.number in self.points

    def _place(self, site: Site) -> str:
        place = self.places[site.number] = place_of(site)
        return place

    def _learn(self, path: str, site: Site, changes: Changes | None) -> None:
        try:
            for base, name, write in changes or ():
                key = id(base), name
                field = self._fields.get(key)
                if field is None:
                    field = self._fields[key] = Field(base)
                field.agents.add(path)
                field.sites.add(site.number)
                field.written |= write
        except Exception as error:
            failed(error)


def touches(site: Site, values: Sequence[Any]) -> Touches | None:
    """What the site touches, None if that cannot be told."""
    return _touched(_told(site, values))


def _touched(changes: Changes | None) -> Touches | None:
    if changes is None:
        return None
    return tuple([((id(base), name), write) for base, name, write in changes])


def _told(site: Site, values: Sequence[Any]) -> Changes | None:
    """Objects, their fields, whether they are changed; None if that cannot be told."""
    found: Changes = []
    try:
        for access in (*site.accesses, *site.maybe):
            for change in changes_of(access, site, values):
                found.append((change.base, change.field, change.write))
            found += spread(access, site, values)
    except Exception as error:
        failed(error)
        return None
    return found
