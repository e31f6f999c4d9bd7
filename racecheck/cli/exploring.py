"""What `racecheck explore` does once its options are read: explore, report, say the rest."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from racecheck import api
from racecheck.bridge import exploring, spreading, verdicts, watching
from racecheck.bridge.bodies import Function, Repeatable, function_of
from racecheck.bridge.exploring import Interrupted
from racecheck.bridge.schedules import Store
from racecheck.cli import crash, emit, handover, options
from racecheck.core.errors import ExitCode, UsageError
from racecheck.core.finding import Finding
from racecheck.explore.lab import Lab
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, Verdict
from racecheck.report.result import Result, grades, plural
from racecheck.settings import Loaded

TABLE = "explore"
"""Where the settings stand."""


def run(given: argparse.Namespace, targets: Sequence[str], arguments: Sequence[str]) -> int:
    """Explore every target; returns the exit code."""
    functions = [found for text in targets if (found := function_of(text)) is not None]
    changed = options.overrides(given, TABLE)
    loaded = api.load_settings(["."], isolated=given.isolated, config=given.config, **changed)
    written = emit.targets(loaded)
    if len(functions) < len(targets):
        if functions:
            raise UsageError(
                "tests of pytest and functions are not explored together",
                f"explore `{functions[0]}` by itself",
            )
        return handover.explore(targets, given, loaded, changed)
    return Explorer(given, loaded, arguments, written).run(functions)


class Explorer:
    """Explores functions one after another, each in a lab of its own, and reports on all."""

    def __init__(
        self,
        given: argparse.Namespace,
        loaded: Loaded,
        arguments: Sequence[str],
        targets: Sequence[emit.Target],
    ) -> None:
        self._given = given
        self._loaded = loaded
        self._arguments = ["explore", *arguments]
        self._targets = targets
        self._judge = watching.Judge(loaded)
        self._store = Store(loaded.root)
        self._verdicts: list[Verdict] = []
        self._findings: list[Finding] | None = None
        self._began = time.monotonic()
        self._err = sys.stderr

    def run(self, functions: Sequence[Function]) -> int:
        """All of them; what was found is shown even if somebody interrupts."""
        self._note(*self._loaded.notes)
        try:
            if spreading.spreads(self._loaded):
                self._spread(functions)
            else:
                self._explore_here(functions)
        except Interrupted as stopped:
            self._verdicts += stopped.verdicts
            self._report()
            self._say("racecheck: interrupted; this is what was found until then")
            return ExitCode.INTERRUPTED
        found = self._report().exit_code
        clean = found is ExitCode.FINDINGS and self._loaded.settings.exit_zero
        return ExitCode.CLEAN if clean else found

    def _explore_here(self, functions: Sequence[Function]) -> None:
        with exploring.laboratory(self._loaded, self._judge) as lab, apart():
            # Why all of them first: a name that is wrong is said before hours go by.
            bodies = [function.load() for function in functions]
            for function, body in zip(functions, bodies, strict=True):
                self._verdicts.append(self._explore(function, body, lab))

    def _spread(self, functions: Sequence[Function]) -> None:
        self._say(f"  {verdicts.plan_line(self._loaded)}")
        self._findings = []
        several = len(functions) > 1

        def told(target: str, line: str) -> None:
            self._say(f"  {target}: {line}" if several else f"  {line}")

        for one in spreading.explored(functions, self._loaded, told):
            self._verdicts.append(one.verdict)
            self._findings += one.findings
            if one.skipped:
                self._note(f"{one.verdict.target} was skipped: {one.skipped}")

    def _explore(self, function: Function, body: Repeatable, lab: Lab) -> Verdict:
        self._say(f"exploring  {function}")
        self._say(f"  {verdicts.plan_line(self._loaded)}")
        name = function.named(self._loaded.root)
        verdict = exploring.explore_body(body, name, self._loaded, lab=lab, told=self._told)
        if body.skipped is not None:
            self._note(f"{function} was skipped: {body.skipped}")
        return verdict

    def _told(self, line: str) -> None:
        self._say(f"  {line}")

    def _report(self) -> Result:
        result = exploring.result(self._verdicts, self._loaded, self._judge, self._findings)
        emit.write(result, self._targets, view_of(self._given))
        say_faults(result, self._arguments, self._loaded)
        if self._given.quiet:
            return result
        for verdict in self._verdicts:
            self._sum_up(verdict)
        seconds = time.monotonic() - self._began if self._findings is not None else None
        self._say(summary(self._verdicts, result, seconds))
        if self._given.verbose:
            for line in details(self._verdicts, result):
                self._say(line)
        return result

    def _sum_up(self, verdict: Verdict) -> None:
        head = f"{verdict.target}\n  " if len(self._verdicts) > 1 else ""
        self._say(head + "\n  ".join(verdicts.sentences(verdict)))
        for found in verdict.found:
            if self._store.path_of(found.schedule).is_file():
                self._say(f"  saved  {self._store.shown(found.schedule)} (tried first next time)")
        for line in verdicts.warnings(verdict):
            self._say(f"racecheck: warning: {line}")

    def _note(self, *notes: str) -> None:
        for note in notes:
            self._say(f"racecheck: note: {note}")

    def _say(self, line: str) -> None:
        if not self._given.quiet:
            self._err.write(f"{line}\n")
            self._err.flush()


def view_of(given: argparse.Namespace) -> emit.View:
    """How reports look."""
    return emit.View(
        color=given.color,
        silent=given.quiet > 1,
        annotate=os.environ.get("GITHUB_ACTIONS") == "true",
        stacks=given.stacks,
    )


def say_faults(result: Result, arguments: Sequence[str], loaded: Loaded) -> None:
    """What went wrong inside racecheck, one line each."""
    folder = loaded.root / loaded.settings.cache_dir
    for problem in result.errors:
        detail = problem.detail or problem.message
        crash.say(problem.message, detail, arguments, folder)


def summary(found: Sequence[Verdict], result: Result, seconds: float | None = None) -> str:
    """`1 of 2 fails under exploration (1 confirmed). 212 schedules, 0.4 s.`"""
    if seconds is None:
        seconds = sum(one.seconds for one in found)
    tokens = {finding.schedule for finding in result.findings}
    failing = sum(any(failure.schedule.token in tokens for failure in one.found) for one in found)
    hidden = sum(one.outcome == FAILS for one in found) - failing
    unsure = sum(one.outcome == INCONCLUSIVE for one in found)
    verb = "fails" if failing == 1 or len(found) == 1 else "fail"
    text = f"{failing} of {plural(len(found), 'target')} {verb} under exploration"
    words = [grades(result)] if result.findings else []
    if result.suppressed:
        words.append(f"{len(result.suppressed)} suppressed")
    if hidden and not result.suppressed:
        words.append(f"{hidden} by rules that are not selected")
    if unsure:
        words.append(f"{unsure} inconclusive")
    more = f" ({', '.join(words)})" if words else ""
    schedules = plural(sum(one.schedules for one in found), "schedule")
    shrinking = sum(failure.shrinking for one in found for failure in one.found)
    shrunk = f", {shrinking} for shrinking" if shrinking else ""
    return f"{text}{more}. {schedules}{shrunk}, {seconds:.1f} s."


def details(found: Sequence[Verdict], result: Result) -> Iterator[str]:
    """What `--verbose` adds."""
    for verdict in found:
        for tried in verdict.tried:
            count = plural(tried.schedules, "schedule")
            yield f"  {tried.name:<10}{count} in {tried.seconds:.2f} s"
        yield f"  {plural(verdict.points, 'place')} where state is shared"
    for note in result.statistics.notes:
        yield f"  not seen: {note}"


@contextmanager
def apart() -> Iterator[None]:
    """Without our streams and arguments: what a test prints, it would print hundreds of times."""
    stdin, arguments = sys.stdin, sys.argv
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        Path(os.devnull).open(encoding="utf-8") as nothing,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        sys.stdin, sys.argv = nothing, arguments[:1]
        try:
            yield
        finally:
            sys.stdin, sys.argv = stdin, arguments
