"""`json`: one object, for other programs (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.report.data import VERSION, encode, finding_data, problem_data, statistics_data
from racecheck.report.result import Context, Result


def render(result: Result, context: Context) -> Iterator[str]:
    """The whole result as one object."""
    yield encode(
        {
            "version": VERSION,
            "tool": f"{context.tool} {context.version}",
            "findings": [finding_data(finding) for finding in result.findings],
            "errors": [problem_data(problem) for problem in result.errors],
            "statistics": statistics_data(result),
        },
        context,
        indent=2,
    )
    yield "\n"
