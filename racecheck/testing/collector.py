"""What was found, test by test: kept, counted once, shown at the end; also of xdist's workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from racecheck import __version__
from racecheck.bridge import watching
from racecheck.core.errors import UsageError
from racecheck.core.finding import Finding, Severity
from racecheck.report import registry
from racecheck.report.layout import finding_lines, plain
from racecheck.report.result import Context, Result, plural
from racecheck.report.rules import rule_text
from racecheck.report.sources import SourceLines
from racecheck.runtime.session import Session
from racecheck.settings import Loaded

ATTRIBUTE: Final = "racecheck"
"""Under this name a report carries its findings, also from an xdist worker."""


class _Nothing:
    """What the controller asks instead of a session: its workers have said everything."""

    def findings(self) -> list[Finding]:
        return []

    def faults(self) -> list[str]:
        return []

    def limits(self) -> list[str]:
        return []


class Collector:
    """Findings of all tests by fingerprint, with the tests that met them."""

    def __init__(self, loaded: Loaded, watch: Sequence[str], session: Session | None) -> None:
        self._loaded = loaded
        self._watch = watch
        self._session = session
        self._found: dict[str, Finding] = {}
        self._tests: dict[str, list[str]] = {}
        self.suppressed: list[Finding] = []
        self.faults: dict[str, None] = {}

    def pytest_report_header(self) -> str:
        """How we watch."""
        backend = "in the workers"
        if self._session is not None and self._session.backend is not None:
            backend = f"backend {self._session.backend.name}"
        return f"racecheck: {backend}, watching {' '.join(self._watch)}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take over what a report carries."""
        for text in getattr(report, ATTRIBUTE, ()):
            self.add(report.nodeid, msgspec.json.decode(text, type=Finding))

    def add(self, test: str, finding: Finding) -> None:
        """One finding of one test ("" for what belongs to none)."""
        self._found.setdefault(finding.fingerprint, finding)
        tests = self._tests.setdefault(finding.fingerprint, [])
        if test not in tests:
            tests.append(test)

    @property
    def findings(self) -> list[Finding]:
        """All, each once, in order."""
        return sorted(self._found.values(), key=lambda f: f.order)

    def result(self) -> Result:
        """As the reporters of the command line take it."""
        source = self._session or _Nothing()
        return watching.assemble(
            self.findings, self.suppressed, source, self._loaded, watching.PYTEST
        )

    def outside(self) -> list[Finding]:
        """What was found outside of tests, and so failed none of them."""
        return [self._found[mark] for mark, tests in self._tests.items() if tests == [""]]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """One line each, the whole text for what no test has shown."""
        self.write(config)
        result = self.result()
        said = result.findings or result.statistics.notes or result.errors
        if not (said or self.suppressed):
            return
        terminalreporter.section("racecheck")
        for finding in self.outside():
            terminalreporter.write_line(text_of([finding]))
        for finding in result.findings:
            terminalreporter.write_line(self._line(finding))
        for problem in result.errors:
            terminalreporter.write_line(f"racecheck: {problem.message}", red=True)
        for note in dict.fromkeys(result.statistics.notes):
            terminalreporter.write_line(f"racecheck: note: {note}")
        if self.suppressed:
            terminalreporter.write_line(f"{plural(len(self.suppressed), 'finding')} suppressed")

    def _line(self, finding: Finding) -> str:
        tests = [test for test in self._tests[finding.fingerprint] if test]
        where = plural(len(tests), "test") if len(tests) != 1 else tests[0]
        grade = "note" if finding.severity is Severity.NOTE else str(finding.confidence)
        place = finding.place
        return f"{place}: {finding.code} [{grade}] {finding.message} ({where or 'no test'})"

    def write(self, config: pytest.Config) -> None:
        """The files of `--racecheck-output`."""
        for text in config.getoption("racecheck_output") or ():
            name, colon, path = text.partition(":")
            if not colon or not path:
                raise pytest.UsageError(f"racecheck: `{text}` is no FORMAT:FILE")
            try:
                lines = registry.get(name).render(self.result(), context())
                Path(path).write_text("".join(lines), "utf-8", errors="backslashreplace")
            except (UsageError, OSError) as error:
                raise pytest.UsageError(f"racecheck: cannot write {path}: {error}") from None


def context() -> Context:
    """Surroundings of a report inside pytest's own output."""
    return Context(version=__version__, lines=SourceLines(), rule=rule_text)


def text_of(findings: Iterable[Finding]) -> str:
    """Findings as the command line prints them."""
    surroundings = context()
    blocks = (
        "\n".join(plain(line) for line in finding_lines(finding, surroundings))
        for finding in findings
    )
    return "\n\n".join(blocks)


def encoded(findings: Iterable[Finding]) -> list[str]:
    """Findings as a report can carry them to another process."""
    return [msgspec.json.encode(finding).decode() for finding in findings]
