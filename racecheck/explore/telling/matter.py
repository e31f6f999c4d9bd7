"""Which fields of which objects a failure is about, read from the events of its run."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Final, TypeAlias

from racecheck.explore.outcome import DEADLOCK, RACE, THREAD, Failure, Run
from racecheck.explore.places import place_of
from racecheck.explore.telling.watch import Event
from racecheck.runtime.sites import What, sites

Fields: TypeAlias = "frozenset[Hashable]"

NOBODY: Final[Fields] = frozenset()


def matter(failure: Failure, run: Run) -> Fields:
    """The racing object; what a deadlock waits for; what the failing access touches."""
    events = run.events
    if failure.kind == RACE:
        return of_race(failure, events)
    if failure.kind == DEADLOCK:
        return _of_deadlock(failure, events)
    fails = of_failure(failure, events)
    disturbed = of_switches(events)
    near = fails | disturbed
    races = [of_race(one, events) for one in run.failures if one.kind == RACE]
    raced = near.intersection(NOBODY.union(*races))
    found = raced or _together(fails & disturbed, disturbed, events) or near
    return found or _shared(_accessed(events)) or _shared(events)


def _together(fields: Fields, others: Fields, events: Sequence[Event]) -> Fields:
    """Those, and the others that go with them: one step touches both."""
    steps = [frozenset(field for field, _ in event.fields) for event in events]
    return fields.union(*(step & others for step in steps if step & fields))


def of_race(failure: Failure, events: Sequence[Event]) -> Fields:
    """The fields that are called as the race's subject is."""
    names = {_plain(one.subject) for one in failure.findings}
    found = frozenset(
        field
        for event in events
        for one in event.touched
        if _plain(one.subject) in names
        for field in one.fields
    )
    return (found & _shared(events)) or found


def _plain(subject: str) -> str:
    return subject.partition("[")[0]


def failing_path(failure: Failure, events: Sequence[Event]) -> str:
    """The path of the agent that fails.

    An exception of the body may come from a task, or from a job whose result was asked for: then
    the last that anybody did there was to fail.
    """
    own = ["0"]
    if failure.kind == THREAD:
        names = {one.path: one.thread for one in events}
        own = [path for path, name in names.items() if name.partition(" #")[0] == failure.thread]
    last = {event.path: (at, event) for at, event in enumerate(events) if event.touched}
    there = {path: at for path, (at, one) in last.items() if one.place == failure.place}
    if failure.kind == THREAD:
        there = {path: at for path, at in there.items() if path.partition("/")[0] in own}
    near = [path for path in own if path in there] or list(there)
    return max(near, key=lambda path: there[path], default=(own or [""])[-1])


def of_failure(failure: Failure, events: Sequence[Event]) -> Fields:
    """What the last step at the failing place touches, of what is shared."""
    path = failing_path(failure, events)
    for event in reversed(events):
        if event.path == path and event.place == failure.place:
            return frozenset(field for field, _ in event.fields) & _shared(events)
    return NOBODY


def of_statement(failure: Failure, events: Sequence[Event]) -> Fields:
    """Shared fields that are called as what the failing statement touches: for one that is no step,
    as when all others have ended."""
    names = {
        access.name
        for site in list(sites.values())
        if place_of(site) == failure.place
        for access in site.accesses
        if access.what in (What.ATTRIBUTE, What.VARIABLE)
    }
    return frozenset(
        field for field in _shared(events) if isinstance(field, tuple) and field[1] in names
    )


def of_switches(events: Sequence[Event]) -> Fields:
    """What was changed under an agent that was made to wait, or that it changes afterwards.

    Of variables and attributes; of locks, queues and the like only where there are none.
    """
    return _disturbed(_accessed(events), events) or _disturbed(events, events)


def _disturbed(looked_at: Sequence[Event], events: Sequence[Event]) -> Fields:
    found: set[Hashable] = set()
    looked = set(map(id, looked_at))
    for index, event in enumerate(events):
        if event.turn is None:
            continue
        gave = event.turn.gave
        back = next((i for i in range(index, len(events)) if events[i].path == gave), len(events))
        others = [one for one in events[index:back] if one.path != gave and id(one) in looked]
        own = [one for one in events if one.path == gave and id(one) in looked]
        changed = _fields(others, writes=True) & _fields(own)
        found |= changed | (_fields(others) & _fields(own, writes=True))
    return frozenset(found)


def _accessed(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.touched]


def _fields(events: Iterable[Event], *, writes: bool = False) -> Fields:
    return frozenset(
        field for event in events for field, write in event.fields if write or not writes
    )


def _shared(events: Sequence[Event]) -> Fields:
    """What several agents touch, and one changes."""
    agents: dict[Hashable, set[str]] = {}
    for event in events:
        for field, _ in event.fields:
            agents.setdefault(field, set()).add(event.path)
    changed = _fields(events, writes=True)
    return frozenset(field for field, paths in agents.items() if len(paths) > 1) & changed


def circle(failure: Failure) -> set[str]:
    """Paths of the agents that wait for each other."""
    by = {one.path: one.by for one in failure.blocked}
    found: set[str] = set()
    for start in by:
        trail: list[str] = []
        path = start
        while path in by and path not in trail:
            trail.append(path)
            path = by[path]
        if path in trail:
            found.update(trail[trail.index(path) :])
    return found


def stuck(failure: Failure) -> set[str]:
    """Paths of those whose waits are told: the circle, else all but those who wait for the end."""
    paths = circle(failure)
    if not paths:
        paths = {one.path for one in failure.blocked if one.kind != "join"}
    return paths or {one.path for one in failure.blocked}


def _of_deadlock(failure: Failure, events: Sequence[Event]) -> Fields:
    paths = stuck(failure)
    last = {event.path: event for event in events if event.kind == "wait"}
    found = frozenset(f for path in paths & last.keys() for f, _ in last[path].fields)
    return found if circle(failure) else found | of_switches(events)
