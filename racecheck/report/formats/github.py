"""`github`: workflow commands, which GitHub Actions turns into annotations of the diff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from racecheck.core.finding import Finding, Severity
from racecheck.report.data import portable
from racecheck.report.frames import label
from racecheck.report.result import Context, Result

_COMMANDS: Final = {
    Severity.NOTE: "notice",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def render(result: Result, context: Context) -> Iterator[str]:
    """One command a finding, and one for everything that went wrong."""
    for finding in result.findings:
        yield f"::{_COMMANDS[finding.severity]} {_properties(finding)}::{_text(finding)}\n"
    for problem in result.errors:
        where = f" file={escape_property(portable(problem.path))}" if problem.path else ""
        yield f"::error{where}::{escape(problem.message)}\n"


def _properties(finding: Finding) -> str:
    place = finding.place
    pairs = {"file": portable(place.path), "line": str(place.line)}
    if place.end_line:
        pairs["endLine"] = str(place.end_line)
    if place.column and place.end_line in (0, place.line):
        pairs["col"] = str(place.column)
        if place.end_column:
            pairs["endColumn"] = str(place.end_column)
    pairs["title"] = f"{finding.code} {finding.name} ({finding.confidence})"
    return ",".join(f"{key}={escape_property(value)}" for key, value in pairs.items())


def _text(finding: Finding) -> str:
    first = 0 if finding.schedule else 1
    steps = enumerate(finding.steps[first:], first + 1)
    sides = (f"{step.place}: {label(step, side)}" for side, step in steps)
    return escape("\n".join((finding.message, *sides, *finding.evidence)))


def escape(text: str) -> str:
    """Text of a command: percent signs and line ends are escaped, control characters go."""
    text = _CONTROL.sub("?", text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Value of a property: colons and commas as well."""
    return escape(text).replace(":", "%3A").replace(",", "%2C")
