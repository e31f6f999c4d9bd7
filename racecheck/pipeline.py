"""One run of lint: read, link, check, select, place. Every stage is a pure function of the last."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from racecheck.catalog import load as catalog
from racecheck.core.collecting import uncollected
from racecheck.core.errors import MissingPathError
from racecheck.core.finding import Confidence, Finding
from racecheck.core.limits import SMALL_LINES
from racecheck.facts.schema import FileFacts
from racecheck.report import store
from racecheck.report.result import Problem, Result, Statistics
from racecheck.settings import Loaded
from racecheck.settings.selection import NO_REASON, select
from racecheck.source import driver, unreadable
from racecheck.source.placing import placed
from racecheck.source.stamp import digest

if TYPE_CHECKING:
    from racecheck.catalog.models import Models
    from racecheck.checks.registry import Failure
    from racecheck.program.environment import Aside, Environment
    from racecheck.program.model import Program
    from racecheck.source.discover import PathProblem

Progress: TypeAlias = Callable[[str], None]

UNUSED: Final = "RC902"
OWN_CODES: Final = frozenset({unreadable.CODE, UNUSED, NO_REASON, "RC906"})
"""Codes that no check reports: reading a file or its suppressions does."""


@dataclass(slots=True)
class Reading:
    """What was read. `named`: the paths that findings are for. `text`: source of a path."""

    files: dict[str, FileFacts]
    named: Collection[str]
    text: Callable[[str], str]
    numbers: driver.Statistics
    problems: list[Problem] = field(default_factory=list)
    follow: Callable[[Collection[str]], Mapping[str, FileFacts]] | None = None
    environment: Environment | None = None
    aside: Aside | None = None


class Run:
    """The stages in order, each timed. `folder` is where something may be kept."""

    def __init__(self, loaded: Loaded, progress: Progress | None = None) -> None:
        self.loaded = loaded
        self.settings = loaded.settings
        self.root = loaded.root
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.codes = select(loaded) - catalog.rulebook().run_only
        self.folder: Path | None = None

    @contextmanager
    def stage(self, name: str, said: str) -> Iterator[None]:
        """Say what is being done, and keep how long it took."""
        if self.progress:
            self.progress(said)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def files(self, paths: Sequence[Path]) -> Result:
        """Everything under the paths; what a former run found in the same files is taken over."""
        self.folder = self.root / self.settings.cache_dir if self.settings.cache else None
        with driver.Session(
            self.settings, self.root, progress=self.said, meanwhile=self.prepare
        ) as session:
            with self.stage("look", "looking for files"):
                look = session.look(paths)
                named = {path.absolute() for path in paths if path.is_file()}
                salt = store.salt(self.loaded, self.codes, named)
                known = session.recall(look, salt)
            stored = store.decode(known) if known else None
            if stored is not None:
                return self.recalled(stored)
            with self.stage("read", "reading"):
                sources = session.load(look)
                sources.files.update(_named_and_broken(named, sources))
            reading = Reading(
                sources.files,
                sources.named,
                sources.text,
                sources.statistics,
                [_unread(problem) for problem in sources.problems],
                sources.follow,
                aside=session.aside,
            )
            with self.libraries(session) as reading.environment:
                result = self.result(reading)
            if not result.errors and not reading.environment.exhausted:
                with self.stage("keep", "keeping"):
                    session.keep(look, salt, store.encode(result))
            return result

    def prepare(self) -> None:
        """Import what comes after reading, while somebody else reads."""
        from racecheck.analyses import suite  # noqa: F401
        from racecheck.checks import registry
        from racecheck.program import link, wanted  # noqa: F401

        registry.prepare(self.codes - OWN_CODES)

    @contextmanager
    def libraries(self, session: driver.Session) -> Iterator[Environment]:
        """Answers about installed libraries; they are kept for other runs of this interpreter."""
        from racecheck.program.environment import Environment

        key = digest(f"libraries of {sys.prefix} {sys.version}".encode("utf-8", "surrogatepass"))
        answers = store.decode_answers(session.cache.get_result(key) or b"")
        known = len(answers)
        yield Environment(answers)
        if len(answers) > known:
            session.cache.put_result(key, store.encode_answers(answers))

    def recalled(self, stored: Result) -> Result:
        """The result of a former run; only how it was got is another."""
        numbers = replace(
            stored.statistics,
            parsed=0,
            cached=stored.statistics.parsed + stored.statistics.cached,
            lines_parsed=0,
            reused=True,
            seconds=self.seconds,
        )
        return replace(stored, statistics=numbers, fail_on=Confidence(self.settings.fail_on))

    def said(self, done: int, total: int) -> None:
        """Progress of the reading."""
        if self.progress:
            self.progress(f"reading {done:,} of {total:,} files")

    def texts(self, texts: Mapping[str, str]) -> Result:
        """Everything from texts; a large set in which no file matters is not parsed, as on disk."""
        from racecheck.facts.read import read
        from racecheck.source.prefilter import wants

        data = {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}
        files: dict[str, FileFacts] = {}
        with self.stage("read", "reading"):
            lines = sum(content.count(b"\n") for content in data.values())
            if lines <= SMALL_LINES or any(wants(content) for content in data.values()):
                files = {path: read(content) for path, content in data.items()}
            else:
                files = unreadable.broken(data)
        numbers = driver.Statistics(
            files=len(data),
            parsed=len(files),
            skipped=len(data) - len(files),
            lines=sum(text.count("\n") + 1 for text in texts.values()),
        )
        return self.result(Reading(files, frozenset(texts), texts.__getitem__, numbers))

    def result(self, reading: Reading) -> Result:
        """From facts to what is shown."""
        from racecheck.source import pragmas

        # Why: a program is cyclic, large, and lives until the end.
        with uncollected():
            program, found, failures = self.analyse(reading)
        with self.stage("select", "sorting"):
            names = catalog.rulebook().names
            found += unreadable.findings(reading.files, reading.text, names)
            # Why: what a failed check would have found may be what a comment silences; so may what
            # only a run sees.
            sought = self.codes - catalog.rulebook().seen_in_runs
            sought -= {UNUSED} if failures else set()
            judged = pragmas.apply(
                found, reading, self.settings, names, sought, relative=self.relative
            )
            shown, hidden = self.visible(judged, reading)
        counts = asdict(reading.numbers)
        counts["skipped"] -= counts["followed"]
        counts["notes"] = tuple(counts["notes"])
        numbers = Statistics(
            **counts,
            named=len(reading.named),
            linked=program.linked,
            unresolved=program.unresolved,
            rules=len(self.codes),
            seconds=self.seconds,
        )
        errors = (*reading.problems, *_faults(reading.files), *map(_failed, failures))
        fail_on = Confidence(self.settings.fail_on)
        return Result(tuple(shown), tuple(hidden), errors, numbers, fail_on)

    def analyse(self, reading: Reading) -> tuple[Program, list[Finding], list[Failure]]:
        """The program, and everything that the selected checks find in it."""
        # Why here: a run whose result is kept does not pay for the analyses.
        from racecheck.analyses.suite import Options, Study
        from racecheck.checks import registry
        from racecheck.program import link, wanted

        settings = self.settings
        with self.stage("link", "linking"):
            models, root = self.models(), str(self.root)
            around = reading.environment
            tables = link.start(reading.files, models, root)
            if around and reading.aside:
                around.expect(link.expected(tables), reading.aside)
            if reading.follow and reading.numbers.skipped:
                reading.files.update(reading.follow(wanted.names(tables)))
                tables = link.again(tables, reading.files, root)
            program = link.finish(tables, around)
            if around and around.exhausted:
                reading.numbers.notes.append("not all libraries were looked at: budget used up")
        options = Options(settings.free_threaded, settings.target, settings.strict)
        study = Study(program, models, catalog.rulebook(), options)
        with self.stage("check", "checking"):
            found, failures = registry.run(study, self.codes - OWN_CODES)
        return program, found, failures

    def relative(self, path: str) -> str:
        """The path below the folder of the settings, for their globs."""
        whole = Path(path).absolute()
        inside = whole.is_relative_to(self.root)
        return (whole.relative_to(self.root) if inside else whole).as_posix()

    def models(self) -> Models:
        """The library models, the user's own included."""
        return catalog.models([self.root / path for path in self.settings.models], self.folder)

    def visible(
        self, findings: Iterable[Finding], reading: Reading
    ) -> tuple[list[Finding], list[Finding]]:
        """(shown, suppressed): in a named file, selected and sure enough; placed, in order."""
        floor = Confidence(self.settings.min_confidence).rank
        kept: dict[tuple[object, ...], Finding] = {}
        for finding in findings:
            if (
                finding.code in self.codes
                and finding.confidence.rank >= floor
                and concerns(finding, reading.named)
            ):
                kept.setdefault((finding.order, finding.message), finding)
        located = sorted((placed(f, reading.text) for f in kept.values()), key=lambda f: f.order)
        return (
            [finding for finding in located if not finding.suppressed],
            [finding for finding in located if finding.suppressed],
        )


def _named_and_broken(named: Collection[Path], sources: driver.Sources) -> dict[str, FileFacts]:
    """Files that somebody named one by one are looked at even if they have no threads."""
    chosen = [file for file in sources.skipped if named and file.real in named]
    data = {}
    for file in chosen:
        with suppress(OSError):
            data[file.path] = file.real.read_bytes()
    return unreadable.broken(data)


def _unread(found: PathProblem) -> Problem:
    return Problem(MissingPathError.slug, f"{found.path}: {found.problem.message}", path=found.path)


def concerns(finding: Finding, named: Collection[str]) -> bool:
    """Whether any side lies in a file that was asked about."""
    return finding.place.path in named or any(s.place.path in named for s in finding.steps)


def _faults(files: Mapping[str, FileFacts]) -> Iterator[Problem]:
    """Files that a fault of ours kept us from reading, or the system."""
    for path, facts in files.items():
        problem = facts.problem
        if problem is not None and problem.kind not in unreadable.SEVERITIES:
            slug = "internal" if problem.kind == "internal" else MissingPathError.slug
            yield Problem(slug, f"cannot read {path}: {problem.message}", path=path)


def _failed(failure: Failure) -> Problem:
    message = f"check {failure.check} failed: {failure.message}"
    return Problem("internal", message, detail=failure.detail)
