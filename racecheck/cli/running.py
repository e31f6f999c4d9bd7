"""What `racecheck run` does once its options are read: watch, run, report."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import TextIO

from racecheck import api
from racecheck.bridge import watching
from racecheck.cli import crash, emit, options, program
from racecheck.cli.leaving import Leaving
from racecheck.cli.program import NothingToRun, Program
from racecheck.core.errors import MissingPathError, RacecheckError
from racecheck.core.finding import Finding
from racecheck.report.result import Result, grades, plural
from racecheck.runtime.hooks import hooks
from racecheck.runtime.observers import watchdog
from racecheck.runtime.session import LEAKING, Session
from racecheck.settings import Loaded


def run(given: argparse.Namespace, target: Program, arguments: Sequence[str]) -> int:
    """Run the program under watch; returns its exit code, or that of a finding."""
    target.require()
    loaded = api.load_settings(
        ["."],
        isolated=given.isolated,
        config=given.config,
        **options.overrides(given, watching.RUN),
    )
    report = Report(given, loaded, arguments)
    target.prepare()
    session = watching.start(loaded, told=report.urgent)
    report.session = session
    leaving = Leaving(report)
    leaving.install()
    error = _execute(target, session)
    if isinstance(error, NothingToRun):
        session.stop()
        leaving.remove()
        raise MissingPathError(str(error), "name a module that can be imported from here")
    code = program.finish(error, watchdog.leaving)
    leaving.remove()
    code = leaving.report(code, whole=True)
    watchdog.end_abandoned(code)
    return code


def _execute(target: Program, session: Session) -> BaseException | None:
    """Run it; returns what it raised."""
    try:
        target.execute(_compiler(session))
    except BaseException as error:
        return error
    return None


def _compiler(session: Session) -> program.Compile:
    """What makes code of the main module: no import hook sees it."""
    if session.backend is None or session.backend.name != "rewrite":
        return program.plain
    from racecheck.runtime.rewriting import compile_main

    def compiled(source: str | bytes, path: str) -> CodeType:
        # Why first: what is wrong with it, the interpreter is to say in its own words.
        code = program.plain(source, path)
        try:
            return compile_main(source, path)
        except Exception as error:
            hooks.failures.append(f"rewriting {path}: {type(error).__name__}: {error}")
            return code

    return compiled


class Report:
    """Says what was found, once, on stderr and in files; a fault in here is said and no more."""

    def __init__(self, given: argparse.Namespace, loaded: Loaded, arguments: Sequence[str]) -> None:
        self.session: Session | None = None
        self._given = given
        self._loaded = loaded
        self._arguments = ["run", *arguments]
        self._judge = watching.Judge(loaded)
        self._targets = [_absolute(target) for target in emit.targets(loaded)]
        self._folder = Path.cwd()
        self._paths = list(sys.path)
        self._start = time.monotonic()
        self._said: set[tuple[str, str]] = set()
        self._view = emit.View(
            color=given.color,
            silent=given.quiet > 1,
            annotate=os.environ.get("GITHUB_ACTIONS") == "true",
            stacks=given.stacks,
        )
        emit.load(self._targets)
        self._judge.load()

    def __call__(self, code: int, whole: bool = True) -> int:
        """Write everything; returns the exit code, given that of the program.

        Not `whole`: the program leaves in the middle, and has left nothing behind yet.
        """
        assert self.session is not None
        with self._surroundings() as stream:
            self.session.stop()
            for name in LEAKING if not whole else ():
                self.session.observers.pop(name, None)
            result = watching.result(self.session, self._loaded, judge=self._judge)
            for said in self._write(result, stream):
                stream.write(said)
            if code == 0 and result.failing and not self._loaded.settings.exit_zero:
                return int(self._given.exit_code)
        return code

    def urgent(self, found: Finding) -> None:
        """Say a finding at once: the program may never get to its end."""
        shown, _ = self._judge.parts([found])
        with _stderr() as stream:
            if shown and not self._view.silent:
                emit.show(Result(tuple(shown)), "full", self._view, stream)
                self._said |= {(found.fingerprint, found.message)}

    @contextmanager
    def _surroundings(self) -> Iterator[TextIO]:
        """The working directory and import path of the start, and a stream of our own."""
        folder, paths = _here(), sys.path
        with suppress(OSError):
            os.chdir(self._folder)
        sys.path = self._paths
        try:
            with _stderr() as stream:
                try:
                    yield stream
                except Exception as error:
                    self._fault(error, stream)
        finally:
            sys.path = paths
            if folder:
                with suppress(OSError):
                    os.chdir(folder)

    def _fault(self, error: Exception, stream: TextIO) -> None:
        if isinstance(error, RacecheckError):
            stream.write(f"racecheck: error: {error.message}\n")
        elif not isinstance(error, BrokenPipeError):
            crash.report(error, self._arguments, stream)

    def _write(self, result: Result, stream: TextIO) -> Iterator[str]:
        files = [target for target in self._targets if target.path is not None]
        emit.write(result, files, self._view)
        for target in self._targets:
            asked = self._given.output_format or target.format not in emit.FOR_PEOPLE
            if target.path is None and not self._view.silent and (result.findings or asked):
                emit.show(self._unsaid(result, target), target.format, self._view, stream)
        for problem in result.errors:
            yield f"racecheck: internal error: {problem.message}; the program was not disturbed\n"
        if self._given.quiet:
            return
        for note in self._loaded.notes:
            yield f"racecheck: note: {note}\n"
        if result.findings:
            yield f"racecheck: {plural(len(result.findings), 'problem')} ({grades(result)})\n"
        if self._given.verbose:
            yield from self._details(result)

    def _unsaid(self, result: Result, target: emit.Target) -> Result:
        """For people: without what they have read already."""
        if target.format not in emit.FOR_PEOPLE:
            return result
        fresh = [f for f in result.findings if (f.fingerprint, f.message) not in self._said]
        return replace(result, findings=tuple(fresh))

    def _details(self, result: Result) -> Iterator[str]:
        assert self.session is not None
        backend = self.session.backend
        yield f"racecheck: backend {backend.name if backend else 'none'}, watched "
        yield f"{' '.join(self.session.options.watch)}\n"
        for name, why in self.session.refusals.items():
            yield f"  {name} was not used: {why}\n"
        for note in result.statistics.notes:
            yield f"  not seen: {note}\n"
        yield f"  {plural(len(result.suppressed), 'finding')} suppressed\n"
        yield f"  {time.monotonic() - self._start:.2f} s\n"


def _absolute(target: emit.Target) -> emit.Target:
    """The program may go to another folder."""
    if target.path is None:
        return target
    return emit.Target(target.format, target.path.absolute())


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return ""


@contextmanager
def _stderr() -> Iterator[TextIO]:
    """A stream to file descriptor 2, whatever the program made of `sys.stderr`; else to nowhere."""
    with suppress(Exception):
        sys.stderr.flush()
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    try:
        number = os.dup(2)
    except OSError:
        yield io.StringIO()
        return
    stream = open(number, "w", encoding=encoding, errors="backslashreplace")  # noqa: SIM115, PTH123
    try:
        yield stream
    finally:
        with suppress(OSError, ValueError):
            stream.close()
