"""`full`: every finding with its source lines; the default."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.report.layout import finding_lines
from racecheck.report.result import Context, Result
from racecheck.report.summary import statistics_lines
from racecheck.report.terminal import paint


def render(result: Result, context: Context) -> Iterator[str]:
    """Findings with an empty line after each; or the table, if statistics were asked for."""
    if context.statistics:
        yield from statistics_lines(result)
        return
    for finding in result.findings:
        yield from paint(finding_lines(finding, context), color=context.color)
        yield "\n"
