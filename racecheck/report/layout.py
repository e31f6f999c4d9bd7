"""A finding as styled lines: headline, frames with both sides, evidence, next step.

Only ASCII is drawn, so that a report survives every stream; styles are names that `terminal`
paints, and nothing is said by a style alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from racecheck.core.finding import Finding, Severity
from racecheck.core.limits import STEPS_PER_FINDING
from racecheck.report.cells import clean, expand, window
from racecheck.report.columns import is_told, schedule_lines
from racecheck.report.frames import Frame, Mark, Row, frames
from racecheck.report.lines import Line, Span, plain, wrapped
from racecheck.report.result import Context

__all__ = ["Line", "Span", "body_lines", "finding_lines", "plain"]

LABEL_ROOM: Final = 24
"""Columns that a label needs beside its carets; else it goes below them."""

DEEP_INDENT: Final = 8
"""Columns before a label that needs several lines of its own."""

_LOCK: Final = re.compile(r"(`[^`]+` held)")


def finding_lines(finding: Finding, context: Context) -> Iterator[Line]:
    """All lines of one finding."""
    yield from _headline(finding, context.width)
    yield from body_lines(finding, context)


def body_lines(finding: Finding, context: Context) -> Iterator[Line]:
    """The lines below the headline."""
    if is_told(finding):
        yield from schedule_lines(finding, context)
        return
    shown = frames(finding, context.lines)
    gutter = max(len(str(row.number)) for frame in shown for row in frame.rows)
    for index, frame in enumerate(shown):
        yield from _frame(frame, gutter, context.width, first=index == 0)
    yield from _remarks(finding, shown, gutter, context.width, stacks=context.stacks)


def _headline(finding: Finding, width: int) -> Iterator[Line]:
    grade = str(finding.confidence)
    tail = f"{grade}, note" if finding.severity is Severity.NOTE else grade
    indent = " " * (len(finding.code) + 1)
    text = f"{finding.code} {clean(finding.message)}"
    lines = wrapped(text, max(width - len(tail) - 2, 30), indent)
    for index, line in enumerate(lines):
        if index == 0:
            gap = " " * max(width - len(line) - len(tail), 2)
            yield Span(line, "headline"), Span(gap), Span(tail, grade)
        else:
            yield (Span(line, "headline"),)


def _frame(frame: Frame, gutter: int, width: int, *, first: bool) -> Iterator[Line]:
    place = frame.place
    column = f":{place.column}" if place.column else ""
    arrow = "-->" if first else ":::"
    where = clean(f"{place.path}:{place.line}{column}")
    yield Span(f"{'':{gutter}}{arrow} ", "gutter"), Span(where)
    if frame.shown:
        yield _bar(gutter)
        for row in frame.rows:
            yield from _row(row, gutter, width)
    yield _bar(gutter)


def _bar(gutter: int, text: str = "", style: str = "") -> Line:
    return Span(f"{'':{gutter}} | ", "gutter"), Span(text, style)


def _row(row: Row, gutter: int, width: int) -> Iterator[Line]:
    if not row.number:
        yield (Span(f"{'':{gutter}} ...", "gutter"),)
        return
    cells, starts = expand(row.text.rstrip("\r\n"))
    spans = [_extent(mark, row, starts, cells) for mark in row.marks]
    first, last = spans[0] if spans else (0, 0)
    text, shift = window(cells, first, last, width - gutter - 3)
    yield Span(f"{row.number:>{gutter}} | ", "gutter"), Span(text.rstrip())
    for mark, (start, end) in zip(row.marks, spans, strict=True):
        if not mark.label and not mark.place.column:
            continue  # the file as a whole is meant
        begin = max(start - shift, 0)
        length = max(min(end - shift, len(text)) - begin, 1)
        yield from _underline(mark, begin, length, gutter, width)


def _extent(mark: Mark, row: Row, starts: list[int], cells: list[str]) -> tuple[int, int]:
    """(first cell, cell after the last) that a mark covers on this row."""
    place = mark.place
    length = len(starts) - 1
    if not place.column or place.column > length:
        text = "".join(cells)
        return len(text) - len(text.lstrip()), max(len(text.rstrip()), 1)
    one_line = place.end_line in (0, row.number) and place.end_column > place.column
    last = min(place.end_column - 1, length) if one_line else len(row.text.rstrip())
    return starts[place.column - 1], starts[max(last, place.column)]


def _underline(mark: Mark, begin: int, length: int, gutter: int, width: int) -> Iterator[Line]:
    style = f"side{min(mark.side, 2)}" if mark.side else "side1"
    carets = ("^" if mark.primary else "-") * length
    room = width - gutter - 3 - begin - length - 1
    prefix = Span(" " * begin)
    edge = Span(f"{'':{gutter}} | ", "gutter")
    if len(mark.label) <= room:
        yield edge, prefix, Span(carets, style), Span(" "), *_label(mark.label, style)
        return
    beside = wrapped(mark.label, room) if room >= LABEL_ROOM else []
    if beside and len(beside) <= 2 and all(len(line) <= room for line in beside):
        yield edge, prefix, Span(carets, style), Span(" "), *_label(beside[0], style)
        for line in beside[1:]:
            yield edge, Span(" " * (begin + length + 1)), *_label(line, style)
        return
    yield edge, prefix, Span(carets, style)
    free = width - gutter - 3 - len(mark.label)
    indent = min(begin, free if free > 0 else DEEP_INDENT)
    for line in wrapped(mark.label, width - gutter - 3 - indent):
        yield edge, Span(" " * indent), *_label(line, style)


def _label(text: str, style: str) -> Iterator[Span]:
    for part in _LOCK.split(clean(text)):
        if part:
            yield Span(part, "lock" if _LOCK.fullmatch(part) else style)


def _stacks(finding: Finding) -> Iterator[str]:
    """The callers of each side, one a line."""
    for side, step in enumerate(finding.steps[:STEPS_PER_FINDING], 1):
        for index, caller in enumerate(step.stack):
            yield f"{side} called from {caller}" if index == 0 else f"  from {caller}"


def _remarks(
    finding: Finding, shown: list[Frame], gutter: int, width: int, *, stacks: bool = False
) -> Iterator[Line]:
    """The `=` lines: sides whose source is not there, evidence, what to do."""
    for frame in shown:
        if not frame.shown:
            for row in frame.rows:
                mark = row.marks[0]
                if mark.label:
                    yield from _remark(f"{mark.place}: {mark.label}", gutter, width)
    more = len(finding.steps) - STEPS_PER_FINDING
    extra = (f"and {more} more places",) if more > 0 else ()
    for text in (*finding.evidence, *extra):
        yield from _remark(text, gutter, width)
    if stacks:
        for text in _stacks(finding):
            yield from _remark(text, gutter, width)
    if finding.help:
        yield from _remark(f"help: {finding.help}", gutter, width, "help")


def _remark(text: str, gutter: int, width: int, style: str = "") -> Iterator[Line]:
    text = clean(" ".join(text.split("\n")))
    for index, line in enumerate(wrapped(text, width - gutter - 3)):
        sign = "=" if index == 0 else "|"
        yield Span(f"{'':{gutter}} {sign} ", "gutter"), Span(line, style)
