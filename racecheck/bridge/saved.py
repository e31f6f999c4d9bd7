"""A result that was saved as JSON, as a result again (the contract of `report/data.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from racecheck.bridge.watching import RUN, Judge, table_of
from racecheck.core.errors import UsageError
from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.report.data import VERSION
from racecheck.report.result import Problem, Result, Statistics
from racecheck.settings import Loaded

_RUN: frozenset[str] = frozenset({"observed", "confirmed"})


def read(path: Path, loaded: Loaded, judge: Judge) -> Result:
    """The result in a file. Selection and suppressions of today apply to it."""
    data = _data(path)
    try:
        found = [_finding(one) for one in data["findings"]]
        errors = tuple(_problem(one) for one in data["errors"])
        counts = data["statistics"]
        numbers = Statistics(files=counts["files"], named=counts["files"], rules=counts["rules"])
    except (KeyError, TypeError, ValueError) as error:
        raise _foreign(path, f"{type(error).__name__}: {error}") from None
    shown, hidden = judge.parts(found)
    dynamic = any(str(finding.confidence) in _RUN for finding in found)
    fail_on = table_of(loaded, RUN).fail_on if dynamic else loaded.settings.fail_on
    return Result(tuple(shown), tuple(hidden), errors, numbers, Confidence(fail_on))


def _data(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise _foreign(path, "no JSON object") from None
    tool = data.get("tool") if isinstance(data, dict) else None
    if not isinstance(tool, str) or not tool.startswith("racecheck"):
        raise _foreign(path, "racecheck did not write it")
    if data.get("version") != VERSION:
        raise UsageError(
            f"{path} is a result of version {data.get('version')}; this racecheck reads {VERSION}",
            "read it with the racecheck that wrote it",
        )
    result: dict[str, Any] = data
    return result


def _foreign(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path} is neither a trace nor a saved result: {why}",
        "`racecheck report` reads what --trace-file and `-o json:FILE` write",
    )


def _finding(told: dict[str, Any]) -> Finding:
    confidence = Confidence(told["confidence"])
    steps = tuple(_step(one) for one in told["related"])
    return Finding(
        code=told["code"],
        name=told["name"],
        subject=told["subject"],
        message=told["message"],
        place=_place(told),
        confidence=confidence,
        severity=Severity(told["severity"]),
        steps=steps,
        evidence=tuple(told["evidence"]),
        help=told["help"],
        origin=_origin(confidence, told["schedule"]),
        context=told.get("context", ""),
        schedule=told["schedule"],
    )


def _origin(confidence: Confidence, schedule: str) -> Origin:
    if schedule:
        return Origin.EXPLORE
    return Origin.RUN if confidence.value in _RUN else Origin.LINT


def _step(told: dict[str, Any]) -> Step:
    return Step(
        role=told["role"],
        place=_place(told),
        function=told.get("function", ""),
        thread=told["thread"],
        held=tuple(told["held"]),
        note=told.get("note", ""),
        stack=tuple(told.get("stack", ())),
    )


def _place(told: dict[str, Any]) -> Place:
    return Place(
        told["path"],
        told["line"],
        told["column"],
        told.get("end_line", 0),
        told.get("end_column", 0),
        told.get("mark", ""),
    )


def _problem(told: dict[str, Any]) -> Problem:
    return Problem(told["slug"], told["message"], told["hint"], told["path"])
