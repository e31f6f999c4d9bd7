"""`concise`: one line a finding."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.core.finding import Finding
from racecheck.report.cells import clean
from racecheck.report.layout import Line, Span
from racecheck.report.result import Context, Result
from racecheck.report.summary import statistics_lines
from racecheck.report.terminal import paint


def render(result: Result, context: Context) -> Iterator[str]:
    """`path:line:column: CODE [confidence] message`."""
    if context.statistics:
        yield from statistics_lines(result)
        return
    yield from paint((_line(finding) for finding in result.findings), color=context.color)


def _line(finding: Finding) -> Line:
    place = finding.place
    grade = str(finding.confidence)
    return (
        Span(clean(f"{place.path}:{place.line}:{place.column or 1}: ")),
        Span(finding.code, "headline"),
        Span(f" [{grade}] ", grade),
        Span(clean(finding.message)),
    )
