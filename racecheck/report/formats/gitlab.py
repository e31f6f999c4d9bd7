"""`gitlab`: a Code Quality report, shown in merge requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.report.data import encode, portable
from racecheck.report.result import Context, Result

_SEVERITIES: Final = {
    Severity.NOTE: "info",
    Severity.WARNING: "minor",
    Severity.ERROR: "major",
}


def render(result: Result, context: Context) -> Iterator[str]:
    """A list of issues; equal fingerprints are numbered, since GitLab shows one of each."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in result.findings:
        seen[finding.fingerprint] += 1
        again = seen[finding.fingerprint]
        mark = finding.fingerprint if again == 1 else f"{finding.fingerprint}-{again}"
        issues.append(
            {
                "description": f"{finding.message} ({finding.confidence})",
                "check_name": finding.code,
                "fingerprint": mark,
                "severity": _severity(finding),
                "location": {
                    "path": portable(finding.place.path),
                    "lines": {"begin": finding.place.line},
                },
            }
        )
    yield encode(issues, context, indent=2)
    yield "\n"


def _severity(finding: Finding) -> str:
    if finding.severity is Severity.ERROR and finding.confidence is Confidence.CONFIRMED:
        return "critical"
    return _SEVERITIES[finding.severity]
