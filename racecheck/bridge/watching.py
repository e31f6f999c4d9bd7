"""Settings down to the runtime, findings of a run up to a report: what all its faces share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from racecheck.catalog import load as catalog
from racecheck.core.errors import BackendError, RacecheckError
from racecheck.core.finding import Confidence, Finding
from racecheck.facts.schema import FileFacts
from racecheck.report.result import Problem, Result, Statistics
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import WATCH, Rule, RuntimeOptions
from racecheck.runtime.session import RefusedError, Session
from racecheck.settings import Loaded
from racecheck.settings.schema import Running, Testing
from racecheck.settings.selection import select
from racecheck.source import baseline
from racecheck.source.placing import placed
from racecheck.source.text import decode

RUN: Final = "run"
PYTEST: Final = "pytest"
"""The tables of settings that a watched run may take its own from."""


class Watched(Protocol):
    """What is asked of a session, or of a trace that is read again."""

    def findings(self) -> list[Finding]:
        """What was found so far."""

    def faults(self) -> list[str]:
        """What went wrong inside racecheck."""

    def limits(self) -> list[str]:
        """What could not be watched."""


class Rules(Mapping[str, Rule]):
    """The catalogue as the runtime sees it. A page is read when a finding needs it."""

    def __init__(self) -> None:
        self._codes = catalog.rulebook().codes
        self._known: dict[str, Rule] = {}

    def __getitem__(self, code: str) -> Rule:
        if code not in self._codes:
            raise KeyError(code)
        found = self._known.get(code)
        if found is None:
            found = self._known[code] = _rule(code)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def _rule(code: str) -> Rule:
    try:
        page = catalog.rulebook().get(code)
    except RacecheckError:
        raise KeyError(code) from None
    lines = page.fix.strip().splitlines()
    return Rule(page.name, page.severity, lines[0] if lines else "")


def table_of(loaded: Loaded, table: str = RUN) -> Running | Testing:
    """The settings of `racecheck run`, or those of pytest."""
    return loaded.settings.pytest if table == PYTEST else loaded.settings.run


def options(loaded: Loaded, table: str = RUN) -> RuntimeOptions:
    """What the runtime is told."""
    own = table_of(loaded, table)
    watch = own.watch or WATCH
    if not own.seconds:
        watch = tuple(word for word in watch if word != "hangs")
    return RuntimeOptions(
        watch=watch,
        backend=own.backend,
        trace=own.trace,
        root=str(loaded.root),
        hang_timeout=own.seconds,
        hang_action=own.hang_action,
        trace_file=str(loaded.root / own.trace_file) if own.trace_file else "",
        notes=own.notes,
        rules=Rules(),
    )


def start(
    loaded: Loaded,
    table: str = RUN,
    told: Callable[[Finding], None] | None = None,
    **changes: Any,
) -> Session:
    """A session that watches from now on. `told` hears of what cannot wait for the end: a hang.

    `changes`: options that are to differ from the settings.
    """
    session = Session(replace(options(loaded, table), **changes))
    try:
        session.start()
    except RefusedError as refused:
        hint = "`racecheck doctor` says what can be used; `--backend auto` takes the best of it"
        raise BackendError(f"no backend can be used: {refused}", hint) from None
    if told is not None:
        hooks.listen(urgent=told)
    return session


class Judge:
    """Tells what is shown from what somebody silences, as lint does.

    Made before a run: an unknown rule in the settings raises then. It reads source files only when
    there are findings in them.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self.codes = select(loaded)
        self._known = baseline.Baseline()
        if loaded.settings.baseline:
            self._known = baseline.load(loaded.root / loaded.settings.baseline)
        self._text = cache(_text)

    def load(self) -> None:
        """Import what judging needs, before a program changes what can be imported."""
        from racecheck.facts import comments
        from racecheck.source import pragmas

        assert comments and pragmas

    def parts(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """(shown, suppressed), placed and in order; what is not selected is in neither."""
        from racecheck.source import pragmas

        settings = self._loaded.settings
        floor = Confidence(settings.min_confidence).rank
        chosen = [f for f in findings if f.code in self.codes and f.confidence.rank >= floor]
        names = catalog.rulebook().names
        read = _Read({path: self._facts(path) for path in {f.place.path for f in chosen}})
        judged = pragmas.apply(chosen, read, settings, names, self.codes, relative=self._relative)
        located = (placed(finding, self._text) for finding in judged)
        found = baseline.apply(sorted(located, key=lambda f: f.order), self._known)
        return (
            [finding for finding in found if not finding.suppressed],
            [finding for finding in found if finding.suppressed],
        )

    def _facts(self, path: str) -> FileFacts:
        """The suppressions of a file; the rest of it does not matter here."""
        try:
            text = self._text(path)
        except OSError:
            return FileFacts()
        if "racecheck:" not in text and "noqa" not in text.lower():
            return FileFacts()
        from racecheck.facts import comments
        from racecheck.facts.lines import layout

        return FileFacts(pragmas=comments.pragmas(layout(text)))

    def _relative(self, path: str) -> str:
        whole = Path(path).absolute()
        root = self._loaded.root
        inside = whole.is_relative_to(root)
        return (whole.relative_to(root) if inside else whole).as_posix()


class _Read:
    """Files whose suppressions count. None is judged: what this run does not need, others may."""

    named: Sequence[str] = ()

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self.files = files


def _text(path: str) -> str:
    return decode(Path(path).read_bytes())


def result(
    session: Watched, loaded: Loaded, table: str = RUN, judge: Judge | None = None
) -> Result:
    """All that a session found, as a report shows it."""
    shown, hidden = (judge or Judge(loaded)).parts(session.findings())
    return assemble(shown, hidden, session, loaded, table)


def assemble(
    shown: Sequence[Finding],
    hidden: Sequence[Finding],
    session: Watched,
    loaded: Loaded,
    table: str = RUN,
) -> Result:
    """A result of findings that were judged already (of several tests, or of several processes)."""
    files = {finding.place.path for finding in (*shown, *hidden)}
    return Result(
        tuple(shown),
        tuple(hidden),
        tuple(fault(said) for said in session.faults()),
        Statistics(files=len(files), named=len(files), notes=tuple(session.limits())),
        Confidence(table_of(loaded, table).fail_on),
    )


def fault(said: str) -> Problem:
    """Something that went wrong inside racecheck while the program went on."""
    return Problem("internal", f"watching failed: {said}")
