"""What a run of racecheck produced, and what a format must know to write it down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from racecheck.core.errors import ExitCode
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.source.baseline import SUPPRESSED

WIDTH: Final = 88
"""Columns of a report that does not go to a terminal."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that kept racecheck from doing its work.

    `slug` is a paragraph of docs/messages.md. `detail` is the traceback of an internal problem: it
    goes to the crash file, never to the reader.
    """

    slug: str
    message: str
    hint: str = ""
    path: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was looked at and what is not known.

    `files`: all that were found; `named`: those of them that findings are for.
    `skipped`: files without threads, locks or tasks, never parsed. `followed`: files outside the
    paths named that were parsed because a call leads there. `unresolved`: calls that nothing is
    known about. `reused`: the whole result comes from the cache.
    """

    files: int = 0
    named: int = 0
    parsed: int = 0
    cached: int = 0
    skipped: int = 0
    followed: int = 0
    lines: int = 0
    lines_parsed: int = 0
    linked: int = 0
    unresolved: int = 0
    rules: int = 0
    reused: bool = False
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """Findings to show, sorted; those that somebody silenced; what went wrong; what was counted."""

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    errors: tuple[Problem, ...] = ()
    statistics: Statistics = Statistics()
    fail_on: Confidence = Confidence.LIKELY

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that count: sure enough for `fail-on`, and no mere notes."""
        return tuple(
            finding
            for finding in self.findings
            if finding.confidence.rank >= self.fail_on.rank
            and finding.severity is not Severity.NOTE
        )

    @property
    def known(self) -> int:
        """How many findings are silent because the baseline has them."""
        return sum(finding.suppressed == SUPPRESSED for finding in self.suppressed)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that produced this."""
        if any(problem.slug == "internal" for problem in self.errors):
            return ExitCode.INTERNAL
        if self.errors:
            return ExitCode.BAD_USE
        return ExitCode.FINDINGS if self.failing else ExitCode.CLEAN

    def by_code(self) -> list[tuple[str, str, int]]:
        """(code, name, number of findings), the most frequent first."""
        counts = Counter((finding.code, finding.name) for finding in self.findings)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(code, name, count) for (code, name), count in ordered]


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a format says about a rule, apart from its findings."""

    code: str
    name: str
    summary: str = ""
    severity: str = "warning"
    text: str = ""


def _no_rule(code: str) -> RuleText:
    return RuleText(code, code)


def _no_source(path: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """Surroundings of a report.

    `lines` gives the source lines of a path, () when they cannot be had. `ascii_only`: the stream
    cannot encode more. `folder` is the absolute directory that paths are relative to ("" unknown).
    """

    tool: str = "racecheck"
    version: str = ""
    lines: Callable[[str], Sequence[str]] = _no_source
    rule: Callable[[str], RuleText] = _no_rule
    width: int = WIDTH
    color: bool = False
    ascii_only: bool = False
    folder: str = ""
    statistics: bool = False
    stacks: bool = False


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def headline(result: Result) -> str:
    """`Found 3 problems in 2 files (2 likely, 1 note).`"""
    files = plural(result.statistics.named, "file")
    known = f"; {result.known:,} in the baseline" if result.known else ""
    if not result.findings:
        return f"No problems found in {files}{known}."
    found = plural(len(result.findings), "problem")
    return f"Found {found} in {files} ({grades(result)}){known}."


def grades(result: Result) -> str:
    """`2 likely, 1 note`."""
    serious = [finding for finding in result.findings if finding.severity is not Severity.NOTE]
    counts = Counter(finding.confidence for finding in serious)
    parts = [f"{counts[grade]:,} {grade}" for grade in reversed(Confidence) if counts[grade]]
    notes = len(result.findings) - len(serious)
    if notes:
        parts.append(plural(notes, "note"))
    return ", ".join(parts)
