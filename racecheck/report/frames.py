"""Which source lines a finding is shown with, and what is marked in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from racecheck.core.finding import Finding, Step
from racecheck.core.limits import STEPS_PER_FINDING
from racecheck.core.place import Place

BETWEEN: Final = 3
"""Lines between two sides that are shown; more are cut."""

HEADER_SEARCH: Final = 400
"""Lines above a side in which its `def` is looked for."""

_VERBS: Final = {
    "check": "checked",
    "act": "acted on",
    "write": "written",
    "update": "read and written",
    "mutate": "changed",
    "change": "changed",
    "iterate": "iterated",
    "delete": "deleted",
    "acquire": "taken",
    "lock": "taken",
    "wait": "waited for",
    "join": "joined",
    "call": "called",
    "start": "started",
    "create": "created",
    "made": "made",
    "define": "defined",
    "release": "released",
}
_ACCESSES: Final = frozenset(
    {"check", "act", "read", "write", "update", "mutate", "change", "iterate", "delete"}
    | {"read and written", "checked", "acted on", "iterated", "written", "removed", "used"}
)
_ABOUT_LOCKS: Final = re.compile(r"\b(?:locks?|held|holds?|holding)\b")


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span of a source line. `side` counts from 1; 0 when there is one side only."""

    place: Place
    label: str
    side: int
    primary: bool


@dataclass(slots=True)
class Row:
    """A source line, or a gap when `number` is 0."""

    number: int
    text: str = ""
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines shown of one file. `place` is the first side in it; not `shown`: no source."""

    place: Place
    rows: tuple[Row, ...]
    shown: bool


Lines = Callable[[str], Sequence[str]]


def steps_of(finding: Finding) -> tuple[Step, ...]:
    """The sides shown; a finding without steps has one at its place."""
    steps = finding.steps[:STEPS_PER_FINDING] or (Step("", finding.place),)
    return (_at(steps[0], finding.place), *steps[1:])


def _at(step: Step, place: Place) -> Step:
    if step.place == place or step.place.line != place.line:
        return step
    return replace(step, place=place)


def label(step: Step, side: int) -> str:
    """`1 checked, no lock held`. A note replaces the verb, and the locks if it speaks of them."""
    words = step.note or _VERBS.get(step.role, step.role)
    if step.held and not _ABOUT_LOCKS.search(step.note):
        held = " and ".join(f"`{name}`" for name in step.held)
        words += f", {held} held" if words else f"{held} held"
    elif not step.note and step.role in _ACCESSES:
        words += ", no lock held"
    if step.thread:
        words += f", on {step.thread}" if words else f"on {step.thread}"
    return f"{side} {words}".strip() if side else words


def frames(finding: Finding, lines: Lines) -> list[Frame]:
    """One frame per file, in the order of the sides."""
    steps = steps_of(finding)
    by_path: dict[str, list[tuple[Step, Mark]]] = {}
    for index, step in enumerate(steps):
        side = index + 1 if len(steps) > 1 else 0
        mark = Mark(step.place, label(step, side), side, primary=index == 0)
        by_path.setdefault(step.place.path, []).append((step, mark))
    return [_frame(marked, lines(path)) for path, marked in by_path.items()]


def _frame(marked: list[tuple[Step, Mark]], source: Sequence[str]) -> Frame:
    place = marked[0][1].place
    known = bool(source) and all(1 <= mark.place.line <= len(source) for _, mark in marked)
    if not known:
        rows = [Row(mark.place.line, marks=[mark]) for _, mark in marked]
        return Frame(place, tuple(rows), shown=False)
    rows_by_line: dict[int, Row] = {}
    for step, mark in marked:
        for number in (_header(step, source), mark.place.line - 1, mark.place.line):
            if number > 0 and (source[number - 1].strip() or number == mark.place.line):
                rows_by_line.setdefault(number, Row(number, source[number - 1]))
        rows_by_line[mark.place.line].marks.append(mark)
    return Frame(place, tuple(_joined(rows_by_line, source)), shown=True)


def _header(step: Step, source: Sequence[str]) -> int:
    """Line of the `def` that the step stands in, or 0."""
    name = step.function.rpartition(".")[2]
    if not name.isidentifier():
        return 0
    start = re.compile(rf"\s*(?:async\s+)?(?:def|class)\s+{name}\b")
    top = max(0, step.place.line - HEADER_SEARCH)
    for number in range(step.place.line, top, -1):
        if start.match(source[number - 1]):
            return number
    return 0


def _joined(rows: dict[int, Row], source: Sequence[str]) -> Iterator[Row]:
    """The rows in order, with short stretches between them filled and long ones cut."""
    previous = 0
    for number in sorted(rows):
        between = number - previous - 1
        if previous and between > BETWEEN:
            yield Row(0)
        elif previous:
            for line in range(previous + 1, number):
                yield Row(line, source[line - 1])
        yield rows[number]
        previous = number
