"""Findings as plain data: the contract of `--output-format json` (version 1)."""

from __future__ import annotations

import json
import os
from typing import Any, Final

from racecheck.core.finding import Finding, Step
from racecheck.report.frames import label
from racecheck.report.result import Context, Problem, Result

VERSION: Final = 1
"""Raised when a key changes its meaning or goes away; new keys do not raise it."""


def portable(path: str) -> str:
    """The path with forward slashes on every system."""
    return path.replace(os.sep, "/") if os.sep != "/" else path


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding. `related` holds every side, the one at `path:line` first.

    `verdict` is there if `racecheck confirm` has aimed at it.
    """
    place = finding.place
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "subject": finding.subject,
        "path": portable(place.path),
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "mark": place.mark,
        "context": finding.context,
        "fingerprint": finding.fingerprint,
        "evidence": list(finding.evidence),
        "help": finding.help,
        "related": [_step_data(step) for step in finding.steps],
        "schedule": finding.schedule,
        **({"verdict": finding.verdict} if finding.verdict else {}),
    }


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "role": step.role,
        "path": portable(step.place.path),
        "line": step.place.line,
        "column": step.place.column,
        "end_line": step.place.end_line,
        "end_column": step.place.end_column,
        "mark": step.place.mark,
        "function": step.function,
        "thread": step.thread,
        "held": list(step.held),
        "message": step.note or label(step, 0),
        "note": step.note,
        "stack": list(step.stack),
    }


def problem_data(problem: Problem) -> dict[str, Any]:
    """One entry of `errors`."""
    return {
        "slug": problem.slug,
        "message": problem.message,
        "hint": problem.hint,
        "path": portable(problem.path),
    }


def statistics_data(result: Result) -> dict[str, Any]:
    """Counts that do not depend on the state of the cache or the number of workers."""
    numbers = result.statistics
    return {
        "files": numbers.files,
        "analysed": numbers.parsed + numbers.cached,
        "skipped": numbers.skipped,
        "followed": numbers.followed,
        "lines": numbers.lines,
        "calls_linked": numbers.linked,
        "calls_unknown": numbers.unresolved,
        "rules": numbers.rules,
        "suppressed": len(result.suppressed),
        "baselined": result.known,
        "findings": {code: count for code, _, count in result.by_code()},
        "notes": list(numbers.notes),
    }


def encode(value: Any, context: Context, indent: int | None = None) -> str:
    """JSON text; lone surrogates of undecodable file names stay escaped, so the text encodes."""
    text = json.dumps(value, ensure_ascii=context.ascii_only, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, indent=indent)
    return text
