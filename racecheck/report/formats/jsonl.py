"""`jsonl`: one object a line: findings, then errors, then the statistics; `kind` says which."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.report.data import VERSION, encode, finding_data, problem_data, statistics_data
from racecheck.report.result import Context, Result


def render(result: Result, context: Context) -> Iterator[str]:
    """The result line by line."""
    for finding in result.findings:
        yield encode({"kind": "finding", **finding_data(finding)}, context) + "\n"
    for problem in result.errors:
        yield encode({"kind": "error", **problem_data(problem)}, context) + "\n"
    last = {
        "kind": "statistics",
        "version": VERSION,
        "tool": f"{context.tool} {context.version}",
        **statistics_data(result),
    }
    yield encode(last, context) + "\n"
