"""What a failing run did, as few steps as tell it, and why that is wrong, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from racecheck.core.finding import Step
from racecheck.core.place import Place
from racecheck.explore.outcome import DEADLOCK, RACE, Failure
from racecheck.explore.telling.matter import failing_path, matter
from racecheck.explore.telling.reasons import Told, Why, why
from racecheck.explore.telling.rows import Row, renamed, renaming, rows_of
from racecheck.explore.telling.watch import Event
from racecheck.explore.verdict import Found
from racecheck.runtime.stacks import shown_path

ROWS: Final = 24
"""Rows that are told; what the sentence needs, the first and the last come first."""

FIRST: Final = 6
"""Of these, how many from the beginning."""

SWITCH: Final = "switch"
ENDS: Final = "ends"
WAITS: Final = "waits"
CUT: Final = "cut"
FAILS: Final = "fails"
BETWEEN: Final = frozenset({SWITCH, ENDS, WAITS, CUT})
"""Roles of steps that stand between numbered ones."""

_NOTES: Final = {
    SWITCH: "gives way to {}",
    ENDS: "ends, {} goes on",
    WAITS: "waits, {} goes on",
}

_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


@dataclass(frozen=True, slots=True)
class Story:
    """`steps` in the order of time, with what happens between them; `why` is one sentence.

    `subjects`: the states that the rows are about, those of most rows first. `cut`: rows left out.
    """

    steps: tuple[Step, ...] = ()
    why: str = ""
    subjects: tuple[str, ...] = ()
    cut: int = 0


def story(found: Found) -> Story:
    """What happened in the failing run. Nothing is told of a run that was not watched."""
    if not found.run.events:
        return Story()
    give = renaming(found.run.events)
    events = renamed(found.run.events)
    failure = _renamed(found.failure, give)
    run = replace(found.run, events=tuple(events))
    fields = matter(failure, run)
    rows = rows_of(failure, events, fields)
    reason = why(Told(failure, events, rows))
    kept = _kept(rows, reason.rows)
    steps = [*_steps(kept, rows, events), *_failing(failure, events)]
    return Story(tuple(steps), _said(reason, kept), _subjects(rows), len(rows) - len(kept))


def said_of(failure: Failure, found: Found) -> str:
    """The text of a failure without what differs from process to process."""
    return _ADDRESS.sub("", renaming(found.run.events)(failure.text))


def _renamed(failure: Failure, give: object) -> Failure:
    assert callable(give)
    blocked = tuple(replace(one, thread=give(one.thread)) for one in failure.blocked)
    return replace(failure, thread=give(failure.thread), blocked=blocked)


def _kept(rows: Sequence[Row], pinned: Sequence[Row]) -> list[Row]:
    if len(rows) <= ROWS:
        return list(rows)
    wanted = {row.at for row in pinned}
    for row in (*rows[:FIRST], *reversed(rows)):
        if len(wanted) >= ROWS:
            break
        wanted.add(row.at)
    return [row for row in rows if row.at in wanted]


def _said(reason: Why, kept: Sequence[Row]) -> str:
    numbers = {row.at: number for number, row in enumerate(kept, 1)}
    return _filled(reason.text, [numbers.get(row.at, 0) for row in reason.rows])


def _filled(text: str, numbers: Sequence[int]) -> str:
    """The numbers put in. Not `str.format`: names of the program may have braces in them."""
    for index, number in enumerate(numbers):
        text = text.replace(f"{{{index}}}", str(number))
    return text


def _subjects(rows: Sequence[Row]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for row in rows:
        for one in row.event.touched:
            if row.fields.intersection(one.fields):
                counts[one.subject] = counts.get(one.subject, 0) + 1
    return tuple(sorted(counts, key=lambda name: -counts[name]))


def _steps(kept: Sequence[Row], rows: Sequence[Row], events: Sequence[Event]) -> Iterator[Step]:
    places = {row.at: index for index, row in enumerate(rows)}
    before: Row | None = None
    for row in kept:
        if before is not None:
            left_out = places[row.at] - places[before.at] - 1
            if left_out:
                yield replace(_step(before), role=CUT, note=_more(left_out), held=())
            elif row.path != before.path:
                yield _between(before, row, events)
        yield _step(row)
        before = row


def _more(count: int) -> str:
    return "1 more step" if count == 1 else f"{count} more steps"


def _step(row: Row) -> Step:
    event = row.event
    place = _place(event.place)
    return Step(row.role, place, event.function, event.thread, event.held, row.note)


def _between(before: Row, row: Row, events: Sequence[Event]) -> Step:
    """Why the next row is another thread's: it gave way, it ended, it has to wait."""
    own = [one for one in events[before.at + 1 : row.at] if one.path == before.path]
    role, where = SWITCH, before.event.place
    if any(one.kind == "end" for one in own):
        role = ENDS
    elif before.role == "wait" or any(one.kind == "wait" for one in own):
        role = WAITS
        where = next((one.place for one in own if one.kind == "wait"), where)
    else:
        turns = (one.turn for one in events[before.at + 1 : row.at + 1] if one.turn is not None)
        where = next((t.at for t in turns if t.other == before.path and t.at), where)
    note = _NOTES[role].format(row.event.thread)
    return Step(role, _place(where), before.event.function, before.event.thread, note=note)


def _place(text: str) -> Place:
    path, _, line = text.rpartition(":")
    return Place(path, int(line)) if line.isdigit() else Place(text, 0)


def _failing(failure: Failure, events: Sequence[Event]) -> Iterator[Step]:
    """What anybody can see, at the end."""
    if failure.kind in (DEADLOCK, RACE) or not failure.place:
        return
    path = failing_path(failure, events)
    thread = next((one.thread for one in events if one.path == path), failure.thread)
    text = _ADDRESS.sub("", failure.text)
    yield Step(FAILS, _place(failure.place), function_of(failure), thread, note=text)


def function_of(failure: Failure) -> str:
    """The function that fails."""
    found = ""
    trace = failure.error.__traceback__ if failure.error is not None else None
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{shown_path(code.co_filename)}:{trace.tb_lineno}" == failure.place:
            found = code.co_qualname
        trace = trace.tb_next
    return found
