"""What `racecheck confirm` does once its options are read: lint, aim in tests, report, sum up."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Final

from racecheck import api
from racecheck.bridge import exploring, saved, watching
from racecheck.bridge.attack import Limits
from racecheck.bridge.confirm import CONFIRMED, Confirmer, counts, save
from racecheck.bridge.schedules import Store
from racecheck.cli import emit, handover, options
from racecheck.cli.exploring import TABLE, say_faults, view_of
from racecheck.cli.progress import Progress
from racecheck.cli.streams import is_terminal
from racecheck.core.errors import ExitCode, MissingPathError, UsageError
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.explore.lab import Lab
from racecheck.report.result import Result, Statistics, plural
from racecheck.settings import Loaded
from racecheck.settings import load as load_settings

_FINE: Final = (0, 1)
_NONE: Final = 5
"""pytest's exit codes of tests that ran, whether all passed or not, and of no tests at all."""

_ALONE: Final = ("--no-racecheck", "-p", "no:unraisableexception", "-p", "no:threadexception")
"""What runs that are given up leave behind is not to be reported of the tests."""


def run(
    given: argparse.Namespace,
    paths: Sequence[str],
    words: Sequence[str],
    arguments: Sequence[str],
) -> int:
    """Confirm; returns the exit code."""
    if given.source and paths:
        raise UsageError(
            "--from and paths do not go together", "the findings are those of the file"
        )
    names = list(paths) or ["."]
    loaded = api.load_settings(
        names, isolated=given.isolated, config=given.config, **options.overrides(given, TABLE)
    )
    command = Confirm(given, loaded, arguments)
    return command.run(names, words)


class Confirm:
    """One use of the command."""

    def __init__(self, given: argparse.Namespace, loaded: Loaded, arguments: Sequence[str]) -> None:
        self._given = given
        self._loaded = loaded
        self._arguments = ["confirm", *arguments]
        self._targets = emit.targets(loaded)
        self._judge = watching.Judge(loaded)
        self._failed: list[str] = []
        self._store = Store(loaded.root)

    def run(self, names: Sequence[str], words: Sequence[str]) -> int:
        """Find, aim, report."""
        for note in self._loaded.notes:
            self._say(f"racecheck: note: {note}")
        found = self._found(names)
        own = self._loaded.settings.explore
        confirmer = Confirmer(found.findings, Limits(own.schedules, own.seconds))
        interrupted = bool(confirmer.open) and self._tests(confirmer, words)
        result = self._result(found, confirmer)
        emit.write(result, self._targets, view_of(self._given))
        say_faults(result, self._arguments, self._loaded)
        if not self._given.quiet:
            for line in self._summary(result, confirmer):
                self._say(line)
        if interrupted:
            self._say("racecheck: interrupted; this is what was found until then")
            return ExitCode.INTERRUPTED
        return self._code(result)

    def _found(self, names: Sequence[str]) -> Result:
        if not self._given.source:
            return api.lint(names, loaded=self._loaded)
        try:
            return saved.read(Path(self._given.source), self._loaded, self._judge)
        except OSError as error:
            raise MissingPathError(
                f"cannot read `{self._given.source}`: {error.strerror}"
            ) from None

    # -- the tests

    def _tests(self, confirmer: Confirmer, words: Sequence[str]) -> bool:
        """Run pytest in this process; returns whether somebody interrupted it."""
        pytest = handover.pytest_module()
        from racecheck.testing.confirming import Opening

        for target in self._given.tests:
            path = target.partition("::")[0]
            if not Path(path).exists():
                raise MissingPathError(f"no file or folder `{path}`", "--tests FILE.py::TEST")
        here = str(Path.cwd())
        if here not in sys.path:
            sys.path.insert(0, here)
        runtime, _, bounds = exploring.options(self._loaded)
        self._judge.load()
        lab = Lab(runtime, bounds, _counts)
        opening = Opening(lab, self._judge, self._loaded, confirmer)
        flags = [*handover.QUIET, *_ALONE, "--maxfail=0", "-q", *words, *self._given.tests]
        said = io.StringIO()
        with closing(opening), self._hearing(confirmer), redirect_stdout(said):
            code = int(pytest.main(flags, plugins=[opening]))
        self._failed = opening.failed
        if opening.root is not None:
            self._store = Store(load_settings(opening.root, {}).root)
        save(confirmer.found, self._store)
        if not opening.interrupted and code not in _FINE:
            sys.stderr.write(said.getvalue())
            raise UsageError(
                "no test was found" if code == _NONE else "pytest cannot run the tests",
                "name them: --tests FILE.py, and what pytest needs after `--`",
            )
        return opening.interrupted

    @contextmanager
    def _hearing(self, confirmer: Confirmer) -> Iterator[None]:
        """What happens is shown while it does: pytest has taken file descriptor 2 by then."""
        given = self._given
        with open(os.dup(2), "w", encoding="utf-8", errors="backslashreplace") as stream:  # noqa: PTH123
            shown = not given.quiet and not given.verbose and is_terminal(stream)
            progress = Progress(stream, enabled=shown)

            def told(line: str) -> None:
                if given.verbose and not given.quiet:
                    stream.write(f"  {line}\n")
                    stream.flush()
                progress(line)

            confirmer.told = told
            try:
                yield
            finally:
                progress.erase()

    # -- what is said

    def _result(self, found: Result, confirmer: Confirmer) -> Result:
        findings = sorted(confirmer.findings(), key=lambda one: one.order)
        numbers: Statistics = replace(
            found.statistics, notes=(*found.statistics.notes, *confirmer.notes)
        )
        faults = tuple(watching.fault(said) for said in confirmer.faults)
        return Result(
            tuple(findings),
            found.suppressed,
            (*found.errors, *faults),
            numbers,
            Confidence(self._loaded.settings.explore.fail_on),
        )

    def _summary(self, result: Result, confirmer: Confirmer) -> Iterator[str]:
        for finding in result.findings:
            yield f"  {finding.verdict:<18}{finding.code} {finding.place}  {finding.subject}"
        paths = {self._store.path_of(one.schedule): one.schedule for one in confirmer.found}
        for path, schedule in paths.items():
            if path.is_file():
                yield f"  saved  {self._store.shown(schedule)} (tried first next time)"
        for test in self._failed:
            yield f"racecheck: note: {test} fails by itself, and was left out"
        if self._given.verbose:
            yield from (f"  not seen: {note}" for note in result.statistics.notes)
        many = plural(confirmer.schedules, "schedule")
        tests = plural(confirmer.tests, "concurrent test")
        said = counts(result.findings) or "nothing to confirm"
        more = f" {tests}, {many}." if confirmer.open else ""
        yield f"{said[0].upper()}{said[1:]}.{more}"

    def _code(self, result: Result) -> int:
        """1 if something is confirmed that is grave enough."""
        if result.errors:
            return result.exit_code
        failing = any(one.verdict == CONFIRMED for one in result.failing)
        if failing and not self._loaded.settings.exit_zero:
            return ExitCode.FINDINGS
        return ExitCode.CLEAN

    def _say(self, line: str) -> None:
        if not self._given.quiet:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def _counts(finding: Finding) -> bool:
    """What somebody silences was not among the findings; lone accesses are no failure."""
    return finding.severity is not Severity.NOTE
