"""Of all events of a failing run, the few that tell why it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from racecheck.explore.outcome import DEADLOCK, RACE, Failure
from racecheck.explore.telling.matter import Fields, failing_path, stuck
from racecheck.explore.telling.values import heaviest
from racecheck.explore.telling.watch import WAITS, Event, Turn, note_of

BEFORE: Final = 3
"""Rows of the agent that was made to wait, before the first switch."""

QUIET: Final = frozenset({"goes on", "exit", "begin", "end", "sleep", "start"})
"""Kinds of events that are told only by what lies between rows."""

_COMMON: Final = frozenset({WAITS["sleep"], WAITS["join"]})
"""Waits for what everybody waits for now and then."""

_COUNTED: Final = re.compile(r"(Thread|ThreadPoolExecutor|Task|Dummy)-(\d+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """An event that matters, `at` its place among all. `fields`: those of it that matter."""

    at: int
    event: Event
    role: str
    note: str
    fields: Fields
    writes: bool = False

    @property
    def path(self) -> str:
        """Whose it is."""
        return self.event.path

    def narrowed(self, fields: Fields) -> Row:
        """The same of some fields only."""
        found = self.fields & fields
        writes = any(write for field, write in self.event.fields if field in found)
        return replace(self, fields=found, writes=writes)


def rows_of(failure: Failure, events: Sequence[Event], fields: Fields) -> list[Row]:
    """The rows from where the outcome was decided to the failure, in the order of time."""
    last = _end(failure, events)
    known = [row for row in _matching(events, fields) if row.at <= last]
    known += _waits(failure, events, known)
    known += _locks(failure, events, known)
    known += _over(events, {row.at for row in known})
    known.sort(key=lambda row: row.at)
    known = known or [row for row in _all(events) if row.at <= last]
    known += _ends(failure, events)
    if failure.kind == RACE:
        return _around_pair(failure, list(_without_repeats(known)))
    return list(_without_repeats(_from_first_switch(failure, events, known)))


def _matching(events: Sequence[Event], fields: Fields) -> Iterator[Row]:
    for at, event in enumerate(events):
        found = frozenset(field for field, _ in event.fields) & fields
        if not found or event.kind in QUIET or (event.lock and event.kind == "acquire"):
            continue
        touched = [one for one in event.touched if found.intersection(one.fields)]
        writes = any(write for field, write in event.fields if field in found)
        role = heaviest(one.role for one in touched) or event.kind
        note = note_of(touched) if event.touched else event.note
        yield Row(at, event, role, note, found, writes)


def _all(events: Sequence[Event]) -> Iterator[Row]:
    """Where nothing is known of what matters."""
    for at, event in enumerate(events):
        if event.kind not in QUIET and not event.target.startswith("the end of"):
            yield Row(at, event, event.role, event.note, frozenset())


def _waits(failure: Failure, events: Sequence[Event], known: Sequence[Row]) -> list[Row]:
    """Where the agent that fails has waited to be told, between two looks of its own."""
    own = [row.at for row in known if row.path == failing_path(failure, events)]
    if failure.kind in (DEADLOCK, RACE) or not own:
        return []
    return [
        Row(at, event, "wait", event.note, frozenset())
        for at, event in enumerate(events)
        if own[0] < at < own[-1] and event.path == events[own[0]].path
        if event.kind == "wait" and not event.lock and event.target not in _COMMON
    ]


def _over(events: Sequence[Event], known: set[int]) -> Iterator[Row]:
    """Waits whose time was over though others could go on."""
    for at, event in enumerate(events):
        if event.over is not None and at not in known:
            yield Row(at, event, "wait", event.note, frozenset())


def _ends(failure: Failure, events: Sequence[Event]) -> Iterator[Row]:
    """Where tasks wait for ever: nobody saw them come to that stand."""
    paths = stuck(failure) if failure.kind == DEADLOCK else set()
    seen = {event.path for event in events if event.kind == "wait"}
    for at, one in enumerate(failure.blocked, len(events)):
        if one.path in paths - seen:
            note = f"waits for {one.target}"
            event = Event(one.path, one.thread, "wait", one.place, note, target=one.target)
            yield Row(at, event, "wait", note, frozenset())


def _locks(failure: Failure, events: Sequence[Event], known: Sequence[Row]) -> Iterator[Row]:
    """Where the locks were taken that are held at the rows."""
    ends = stuck(failure) if failure.kind == DEADLOCK else set()
    told: set[int] = set()
    for row in known:
        if failure.kind == DEADLOCK and row.path not in ends and row.role == "wait":
            continue
        for lock in row.event.locks:
            for at in range(row.at - 1, -1, -1):
                event = events[at]
                if (event.path, event.kind, event.lock) == (row.path, "acquire", lock):
                    if at not in told:
                        told.add(at)
                        yield Row(at, event, "acquire", event.note, frozenset())
                    break


def _end(failure: Failure, events: Sequence[Event]) -> int:
    """The last event before the failure: what others do afterwards does not matter."""
    if failure.kind in (DEADLOCK, RACE):
        return len(events)
    path = failing_path(failure, events)
    own = [i for i, event in enumerate(events) if event.path == path and event.kind != "exit"]
    return own[-1] if own else len(events)


def first_turn(events: Sequence[Event]) -> tuple[int, Turn] | None:
    """The first event that was made to come otherwise than by default."""
    return next(((i, e.turn) for i, e in enumerate(events) if e.turn is not None), None)


def _from_first_switch(failure: Failure, events: Sequence[Event], rows: Sequence[Row]) -> list[Row]:
    found = first_turn(events)
    if found is None:
        return list(rows)
    at, turn = found
    before = [row for row in rows if row.at < at]
    if failure.kind == DEADLOCK:
        ends = {row.path for row in rows if row.at >= at and row.role == "wait"}
        kept = [row for row in before if row.path in ends]
    else:
        own = [row for row in before if row.path == turn.gave]
        began = max((row.at for row in before if row.path != turn.gave), default=-1)
        kept = [row for row in own if row.at > began or row.role == "check"][-BEFORE:]
        failing = failing_path(failure, events)
        if failing != turn.gave:
            kept += _last_look([row for row in before if row.path == failing])
            kept.sort(key=lambda row: row.at)
    kept += [row for row in before if row.event.over is not None and row not in kept]
    kept.sort(key=lambda row: row.at)
    return [*kept[-2 * BEFORE :], *(row for row in rows if row.at >= at)]


def _last_look(rows: Sequence[Row]) -> list[Row]:
    """What an agent found last, and that it waited then."""
    looks = [at for at, row in enumerate(rows) if row.role in ("check", "read")]
    return list(rows[looks[-1] :][:BEFORE]) if looks and rows[-1].role == "wait" else []


def _around_pair(failure: Failure, rows: Sequence[Row]) -> list[Row]:
    """Of a race: what the two did just before and just after the first change of hands."""
    places = {str(step.place) for one in failure.findings for step in one.steps}
    pairs = [
        at
        for at in range(1, len(rows))
        if rows[at].path != rows[at - 1].path and rows[at].path != "0" != rows[at - 1].path
    ]
    pairs = pairs or [at for at in range(1, len(rows)) if rows[at].path != rows[at - 1].path]
    shown = {at: places & {row.event.place for row in _turns(rows, at)} for at in pairs}
    at = max(pairs, key=lambda one: len(shown[one]), default=0)
    return _turns(rows, at) if at else list(rows)


def _turns(rows: Sequence[Row], at: int) -> list[Row]:
    """The end of one agent's turn, and the beginning of the next one's at `at`."""
    began = at - 1
    while began and rows[began - 1].path == rows[at - 1].path:
        began -= 1
    end = at + 1
    while end < len(rows) and rows[end].path == rows[at].path:
        end += 1
    return [*rows[max(began, at - BEFORE) : at], *rows[at : min(end, at + BEFORE)]]


def _without_repeats(rows: Sequence[Row]) -> Iterator[Row]:
    """Of a loop in which nobody comes in between, one round."""
    seen: set[tuple[str, str]] = set()
    path = ""
    for row in rows:
        if row.path != path:
            seen, path = set(), row.path
        mark = row.event.place, row.note
        if mark not in seen or row.writes:
            yield row
        seen.add(mark)


def names(events: Sequence[Event]) -> dict[str, str]:
    """Names that count threads, counted from the beginning of the run: the same in every process.

    A thread without a name of its own is called after how many there were before it.
    """
    found: dict[str, str] = {}
    counted: dict[tuple[str, str], int] = {}
    known = {event.path: event.thread for event in events}
    for path in sorted(known, key=_order):
        parts = _COUNTED.fullmatch(known[path])
        if parts is not None:
            word, number, rest = parts.groups()
            first = 0 if word == "ThreadPoolExecutor" else 1
            so_far = sum(1 for known_word, _ in counted if known_word == word)
            mine = counted.setdefault((word, number), first + so_far)
            found[known[path]] = f"{word}-{mine}{rest}"
    return found


def _order(path: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", path)]


def renaming(events: Sequence[Event]) -> Callable[[str], str]:
    """A function that gives threads their names in a text."""
    known = names(events)
    if not known:
        return str
    longest = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(rf"{re.escape(name)}(?!\d)" for name in longest))
    return lambda text: pattern.sub(lambda found: known[found[0]], text)


def renamed(events: Sequence[Event]) -> list[Event]:
    """The events under names that are the same in every process, and belong to one agent each."""
    give = renaming(events)
    known: dict[str, str] = {}
    for path, name in sorted({one.path: one.thread for one in events}.items(), key=_by_path):
        count = sum(other.partition(" #")[0] == give(name) for other in known.values())
        known[path] = f"{give(name)} #{count + 1}" if count else give(name)
    return [
        replace(one, thread=known[one.path], note=give(one.note), by=give(one.by)) for one in events
    ]


def _by_path(item: tuple[str, str]) -> list[int]:
    return _order(item[0])
