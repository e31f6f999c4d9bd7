"""A failing schedule in full text: a column for each thread, the steps in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from racecheck.core.finding import Finding, Step
from racecheck.report.cells import CUT, clean, expand, window
from racecheck.report.lines import Line, Span, wrapped
from racecheck.report.result import Context

MOST: Final = 4
"""Columns; with more threads the steps are a list."""

NARROWEST: Final = 24
"""Characters of a column below which the steps are a list as well."""

GUTTER: Final = 7
"""Characters before the first column: the number of the step."""

GAP: Final = 2
"""Characters between two columns."""

DEEPEST: Final = 8
"""Characters by which a source line is moved in, at most."""

LABEL: Final = 8
"""Characters of `why`, `sure`, `found` and the blanks behind them."""

_SAID: Final = {"switch": "switch", "ends": "ends", "waits": "waits"}
_CUT: Final = "cut"
_FAILS: Final = "fails"
_LABELS: Final = ("why", "sure", "found", "test", "also", "saved")


def is_told(finding: Finding) -> bool:
    """Whether the steps are in the order of time, so that they can be told."""
    return bool(finding.schedule) and any(step.thread for step in finding.steps)


def schedule_lines(finding: Finding, context: Context) -> Iterator[Line]:
    """All lines below the headline."""
    table = list(_Table(finding.steps, context).lines())
    if table:
        yield ()
        yield from table
    for step in finding.steps:
        if step.role == _FAILS:
            yield from _failure(step, context)
    yield ()
    yield from _remarks(finding, context.width, more=context.stacks)


class _Cell(NamedTuple):
    """A step as text: `18  if self.balance < amount:`, and what is said below it."""

    label: str
    source: str
    note: str


class _Table:
    """The steps, in columns or as a list."""

    def __init__(self, steps: Sequence[Step], context: Context) -> None:
        self._steps = [step for step in steps if step.role != _FAILS]
        self._context = context
        self._threads = list(dict.fromkeys(step.thread for step in self._steps))
        self._files = {one.place.path for one in self._steps if one.role not in _SAID}
        self._indents = self._least_indents()
        count = max(len(self._threads), 1)
        self._width = (context.width - GUTTER - GAP * (count - 1)) // count
        self._narrow = count > MOST or self._width < NARROWEST

    def lines(self) -> Iterator[Line]:
        """The table with its head."""
        if not self._narrow and self._steps:
            yield from self._head()
        number = 0
        for index, step in enumerate(self._steps):
            if step.role == _CUT:
                yield (Span(f"{'':{GUTTER}}... {step.note}", "gutter"),)
            elif step.role in _SAID:
                yield from self._turn(step, self._steps[index + 1 : index + 2])
            else:
                number += 1
                yield from self._step(step, number)

    def _head(self) -> Iterator[Line]:
        names = [_cut(name, self._width) for name in self._threads]
        yield self._across(names, "headline")
        yield self._across(["-" * self._width] * len(names), "gutter")

    def _across(self, texts: Sequence[str], style: str) -> Line:
        padded = (_padded(text, self._width) for text in texts)
        return Span(" " * GUTTER), Span((" " * GAP).join(padded), style)

    def _start(self, thread: str) -> int:
        return GUTTER + self._threads.index(thread) * (self._width + GAP)

    # -- one step

    def _step(self, step: Step, number: int) -> Iterator[Line]:
        cell = self._cell(step)
        gutter = f"{number:>{GUTTER - 2}}  "
        style = f"side{1 + self._threads.index(step.thread) % 2}"
        if self._narrow:
            room = self._context.width - GUTTER
            yield Span(gutter, "gutter"), Span(_cut(step.thread, room), style)
            start = GUTTER + 2
            yield Span(" " * start), *_source(cell, self._context.width - start, style)
        else:
            start = self._start(step.thread)
            room = self._width
            before = " " * (start - GUTTER)
            yield Span(gutter, "gutter"), Span(before), *_source(cell, room, style)
        width = self._context.width if self._narrow else start + self._width
        indent = start + min(len(cell.label) + 4, DEEPEST)
        for line in _fitted(cell.note, width - indent) if cell.note else ():
            yield Span(" " * indent), Span(line)

    def _cell(self, step: Step) -> _Cell:
        text = _source_of(step, self._context)
        indent = len(text) - len(text.lstrip())
        deeper = min(max(indent - self._indents.get(step.place.path, 0), 0), DEEPEST)
        label = str(step.place.line) if step.place.line else ""
        if len(self._files) > 1 or not text:
            label = f"{step.place.path.replace(chr(92), '/').rpartition('/')[2]}:{label}"
        return _Cell(label, " " * deeper + text.strip(), clean(step.note))

    def _least_indents(self) -> dict[str, int]:
        """Of each file: by how much all its lines are moved in."""
        found: dict[str, int] = {}
        for step in self._steps:
            text = _source_of(step, self._context)
            indent = len(text) - len(text.lstrip())
            found[step.place.path] = min(indent, found.get(step.place.path, indent))
        return found

    # -- between steps

    def _turn(self, step: Step, after: Sequence[Step]) -> Iterator[Line]:
        """An arrow from the thread that stops to the one that goes on."""
        word = _SAID[step.role]
        other = after[0].thread if after else step.thread
        if self._narrow:
            head = f"{'':{GUTTER}}===== {word} ====> "
            yield (Span(head + _cut(other, self._context.width - len(head)), "gutter"),)
            return
        start, end = self._start(step.thread), self._start(other)
        if start < end:
            arrow = f"===== {word} ".ljust(end - start - 2, "=") + ">"
            yield Span(" " * start), Span(arrow, "gutter")
        elif start > end:
            arrow = "<" + f" {word} =====".rjust(start - end - 2, "=")
            yield Span(" " * end), Span(arrow, "gutter")


def _source_of(step: Step, context: Context) -> str:
    """The source line, with tabs as blanks; "" if it cannot be had."""
    lines = context.lines(step.place.path)
    if not 1 <= step.place.line <= len(lines):
        return ""
    return "".join(expand(lines[step.place.line - 1].rstrip("\r\n"))[0])


def _source(cell: _Cell, room: int, style: str) -> Iterator[Span]:
    label = _cut(cell.label, room)
    yield Span(label, "gutter")
    left = room - len(label) - 2
    if cell.source and left > len(CUT):
        yield Span("  ")
        yield Span(_cut(cell.source, left), style)


def _cut(text: str, room: int) -> str:
    """At most `room` cells of it."""
    cells, _ = expand(text)
    return window(cells, 0, 0, max(room, len(CUT) + 1))[0]


def _padded(text: str, room: int) -> str:
    return text + " " * (room - len(expand(text)[0]))


def _fitted(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` cells: a word that is too long is cut."""
    return [_cut(line, room) for line in wrapped(text, room)]


# -- below the table


def _failure(step: Step, context: Context) -> Iterator[Line]:
    """What anybody can see."""
    yield ()
    where = clean(f"{step.thread or 'the test'} then fails")
    if step.place.line:
        where += clean(f" at {step.place}")
    source = _source_of(step, context).strip()
    room = context.width - len(where) - 4
    if source and room >= NARROWEST:
        yield Span(f"  {where}  "), Span(_cut(source, room), "headline")
    else:
        yield from ((Span(f"  {line}"),) for line in wrapped(where, context.width - 2))
        if source:
            yield Span("    "), Span(_cut(source, context.width - 4), "headline")
    text = clean(step.note)
    if text and text.partition(":")[2].strip():
        yield Span("    "), Span(_cut(text, context.width - 4))


def _remarks(finding: Finding, width: int, *, more: bool) -> Iterator[Line]:
    """Why, how sure, how found, how to see it again. `more`: where threads come from as well."""
    for text in finding.evidence:
        word, colon, rest = text.partition(": ")
        if colon and word in _LABELS:
            yield from _remark(word, rest, width)
        elif more:
            yield from _remark("", text, width)
    label = "replay"
    for command in ("racecheck replay", "pytest --racecheck-replay"):
        if command in finding.help:
            yield Span(f"  {label:<{LABEL}}", "gutter"), Span(f"{command} {finding.schedule}")
            label = ""


def _remark(label: str, text: str, width: int) -> Iterator[Line]:
    for line in wrapped(clean(text), width - LABEL - 2):
        yield Span(f"  {label:<{LABEL}}", "gutter"), Span(line)
        label = ""
