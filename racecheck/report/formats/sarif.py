"""`sarif`: SARIF 2.1.0, for code scanning. Each side of a finding is a thread flow of its own.

The steps of a failing schedule are in the order of time (`executionOrder`), a flow for each thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from racecheck.core.finding import Confidence, Finding, Severity, Step
from racecheck.core.place import Place
from racecheck.report.data import encode, portable
from racecheck.report.frames import label
from racecheck.report.result import Context, Problem, Result, RuleText
from racecheck.source.baseline import SUPPRESSED

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final = {
    Severity.NOTE: "note",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
_RANKS: Final = {
    Confidence.POSSIBLE: 25.0,
    Confidence.LIKELY: 60.0,
    Confidence.OBSERVED: 90.0,
    Confidence.CONFIRMED: 100.0,
}


def render(result: Result, context: Context) -> Iterator[str]:
    """One log with one run. The surest findings come first: code scanning cuts long lists."""
    findings = sorted(
        (*result.findings, *result.suppressed), key=lambda f: (-f.confidence.rank, f.order)
    )
    codes = sorted({finding.code for finding in findings})
    run = {
        "tool": {"driver": _driver(codes, context)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result)],
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield encode(log, context, indent=2)
    yield "\n"


def _driver(codes: Sequence[str], context: Context) -> dict[str, Any]:
    return {
        "name": context.tool,
        "version": context.version,
        "rules": [_rule(context.rule(code)) for code in codes],
    }


def _rule(rule: RuleText) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary or rule.name},
        "fullDescription": {"text": rule.summary or rule.name},
        "help": {"text": rule.text or rule.summary or rule.name},
        "defaultConfiguration": {"level": _LEVELS[Severity(rule.severity)]},
        "properties": {"tags": ["concurrency"]},
    }


def _invocation(result: Result) -> dict[str, Any]:
    notices = [_notice(problem) for problem in result.errors]
    return {"executionSuccessful": not notices, "toolExecutionNotifications": notices}


def _notice(problem: Problem) -> dict[str, Any]:
    notice: dict[str, Any] = {
        "level": "error",
        "message": {"text": problem.message},
        "descriptor": {"id": problem.slug},
    }
    if problem.path:
        notice["locations"] = [_location(Place(problem.path, 0))]
    return notice


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "rank": _RANKS[finding.confidence],
        "message": {"text": "\n".join((finding.message, *finding.evidence))},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"racecheck/v1": finding.fingerprint},
        "properties": {
            "confidence": str(finding.confidence),
            "subject": finding.subject,
            "origin": finding.origin.value,
        },
    }
    if finding.verdict:
        data["properties"]["verdict"] = finding.verdict
        data["kind"] = "fail"
    if finding.verdict == "refuted":
        # Why: a result that is to be looked at, and is no failure, has no level (3.27.10).
        data["kind"], data["level"] = "review", "none"
    # Why: the first side stands at the finding's own place, but for the first step of a schedule.
    first = 0 if finding.schedule else 1
    if len(finding.steps) > first:
        data["relatedLocations"] = [
            {"id": index, **_location(step.place, label(step, index))}
            for index, step in enumerate(finding.steps[first:], first + 1)
        ]
    if finding.schedule and finding.steps:
        data["properties"]["schedule"] = finding.schedule
        data["codeFlows"] = [{"threadFlows": list(_threads(finding.steps))}]
    elif finding.steps:
        sides = enumerate(finding.steps, 1)
        data["codeFlows"] = [{"threadFlows": [_flow(step, side) for side, step in sides]}]
    if finding.suppressed:
        kind = "external" if finding.suppressed == SUPPRESSED else "inSource"
        data["suppressions"] = [{"kind": kind, "justification": finding.suppressed}]
    return data


def _flow(step: Step, side: int) -> dict[str, Any]:
    flow: dict[str, Any] = {
        "id": str(side),
        "locations": [{"location": _location(step.place, label(step, side))}],
    }
    if step.thread:
        flow["message"] = {"text": step.thread}
    return flow


def _threads(steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    """The flows of a schedule."""
    by_thread: dict[str, list[dict[str, Any]]] = {}
    for order, step in enumerate(steps, 1):
        where = _location(step.place, label(step, order))
        by_thread.setdefault(step.thread, []).append({"location": where, "executionOrder": order})
    for number, (thread, locations) in enumerate(by_thread.items(), 1):
        flow: dict[str, Any] = {"id": str(number), "locations": locations}
        if thread:
            flow["message"] = {"text": thread}
        yield flow


def _location(place: Place, message: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(place.path)}}
    if place.line:
        physical["region"] = _region(place)
    location: dict[str, Any] = {"physicalLocation": physical}
    if message:
        location["message"] = {"text": message}
    return location


def _region(place: Place) -> dict[str, int]:
    region = {"startLine": place.line}
    if place.column:
        region["startColumn"] = place.column
        if place.end_column:
            region["endLine"] = place.end_line or place.line
            region["endColumn"] = place.end_column
    return region


def uri(path: str) -> str:
    """A relative path as a relative reference, an absolute one as a file URI."""
    if PurePath(path).is_absolute():
        return PurePath(path).as_uri()
    return quote(portable(path).encode("utf-8", "surrogateescape"))
