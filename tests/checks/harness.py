"""Examples of rule pages and fixture files as cases, and how a case is run and judged.

A line that must be reported ends in `# RC301` (or `# RC301, RC302`). The marks are taken out
before the text is linted, so no rule can recognise its own example. `### file: pkg/mod.py` splits a
text into several files. In a fixture file, a line `# also: RC304` allows other codes in that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from racecheck import api
from racecheck.catalog import load
from racecheck.catalog.rulebook import ExampleOptions, RuleInfo
from racecheck.core.finding import Finding

FIXTURES = Path(__file__).parent
MARK = re.compile(r"[ \t]*# ?(RC\d{3}(?:, ?RC\d{3})*)[ \t]*$", re.MULTILINE)
FILE = re.compile(r"^### file: (\S+)\n", re.MULTILINE)
OPTION = re.compile(r"^# option: (\w+) = (\w+)$", re.MULTILINE)
ALSO = re.compile(r"^# also: (RC\d{3}(?:, ?RC\d{3})*)$", re.MULTILINE)
OURS = frozenset({"RC902", "RC903", "RC905", "RC906"})
"""Codes of racecheck about itself: the pipeline reports them, no check does."""

Expected = frozenset[tuple[str, int, str]]
"""Path, line and code of each finding that must come."""


@dataclass(frozen=True)
class Case:
    """One text to lint. kind: `bad`, `good` (nothing may come), `false alarm` (not the code)."""

    code: str
    kind: str
    name: str
    texts: dict[str, str]
    expected: Expected = frozenset()
    also: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """`RC301-bad-1`, for the test's name."""
        return f"{self.code}-{self.kind}-{self.name}".replace(" ", "-")


def split(text: str, default: str = "example.py") -> tuple[dict[str, str], Expected]:
    """The files of an example without their marks, and what the marks expect."""
    parts = FILE.split(text)
    files = {default: parts[0]} if parts[0].strip() else {}
    files.update(zip(parts[1::2], parts[2::2], strict=True))
    expected = {
        (path, body.count("\n", 0, mark.start()) + 1, code)
        for path, body in files.items()
        for mark in MARK.finditer(body)
        for code in mark[1].replace(" ", "").split(",")
    }
    return {path: MARK.sub("", body) for path, body in files.items()}, frozenset(expected)


def cases_of(page: RuleInfo) -> Iterator[Case]:
    """All examples of a page."""
    for number, example in enumerate(page.examples, 1):
        options = options_of(example.options)
        for kind in ("bad", "good"):
            texts, expected = split(getattr(example, kind))
            name, also = str(number), example.also if kind == "bad" else ()
            yield Case(page.code, kind, name, texts, expected, also, options)
    for number, alarm in enumerate(page.false_alarms, 1):
        texts, expected = split(alarm.code)
        options = options_of(alarm.options)
        yield Case(page.code, "false alarm", str(number), texts, expected, (), options)


def options_of(options: ExampleOptions) -> dict[str, Any]:
    """Settings that differ from the defaults."""
    plain = ExampleOptions()
    return {
        name: value
        for name, value in msgspec.structs.asdict(options).items()
        if value != getattr(plain, name)
    }


def fixtures() -> Iterator[Case]:
    """Files of tests/checks/RCnnn: those with marks are bad, those without are good.

    A line `# option: min_confidence = possible` sets an option for the file.
    """
    for path in sorted(FIXTURES.glob("RC[0-9][0-9][0-9]/*.py")):
        text = path.read_text("utf-8")
        texts, expected = split(text, path.name)
        kind = "bad" if expected else "good"
        also = tuple(
            code for line in ALSO.findall(text) for code in line.replace(" ", "").split(",")
        )
        options: dict[str, Any] = dict(OPTION.findall(text))
        yield Case(path.parent.name, kind, path.stem, texts, expected, also, options)


@cache
def all_cases() -> tuple[Case, ...]:
    """The examples of every page that lint reports, and every fixture."""
    book = load.rulebook()
    pages = {code: page for code, page in book.rules.items() if code not in book.run_only}
    return (*(case for page in pages.values() for case in cases_of(page)), *fixtures())


def lint(case: Case) -> list[Finding]:
    """The findings that a user would see, with the case's rule switched on."""
    findings = api.lint_sources(case.texts, extend_select=[case.code], **case.options)
    return [finding for finding in findings if not finding.suppressed]


def judge(case: Case, findings: list[Finding]) -> list[str]:
    """What is wrong, line by line; nothing when all is as the marks say."""
    found = {(f.place.path, f.place.line, f.code): f for f in findings}
    if case.kind == "false alarm":
        wanted: Expected = frozenset()
        heard = {key: f for key, f in found.items() if f.code == case.code}
    else:
        wanted = case.expected
        heard = {key: f for key, f in found.items() if f.code not in case.also}
    missed = [f"missed: {path}:{line} {code}" for path, line, code in sorted(wanted - heard.keys())]
    extra = [
        f"not expected: {path}:{line} {code} {found[path, line, code].message}"
        for path, line, code in sorted(heard.keys() - wanted)
    ]
    return [*missed, *extra]
