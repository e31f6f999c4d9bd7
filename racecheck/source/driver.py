"""From paths to the facts of the files that matter, as little as possible read and parsed again.

`look` finds the files and tells by size and times, or else by content, what they are; `load` gets
the facts of those that pass the prefilter from the cache or from the parser. Whatever is known of
whole runs is kept by what was looked at (`recall`, `keep`).
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import msgspec

from racecheck.core.limits import (
    BESIDE_FILES,
    POOL_LINES,
    SMALL_LINES,
    STARTED_LINES,
    WANTED_BYTES,
    WARM_BYTES,
)
from racecheck.facts.schema import FileFacts, Problem
from racecheck.settings.schema import Settings
from racecheck.source import prefilter
from racecheck.source.cache import Cache, State
from racecheck.source.discover import PathProblem, SourceFile, discover
from racecheck.source.follow import Follower
from racecheck.source.reading import Done, Job, Reader, fetch, run
from racecheck.source.stamp import DIGEST, digest, facts_stamp
from racecheck.source.text import decode

if TYPE_CHECKING:
    from racecheck.source.pool import Workers

_G = TypeVar("_G")
_R = TypeVar("_R")

Progress = Callable[[int, int], None]
"""Hears how many of the files to parse are done, and how many there are."""

_SEEN: Final = struct.Struct(f"<{DIGEST}s?I")
_decode: Final = msgspec.msgpack.Decoder(FileFacts).decode


class Seen(NamedTuple):
    """A file that was looked at: what it holds, whether it can matter, and its lines."""

    file: SourceFile
    digest: bytes
    wanted: bool
    lines: int


@dataclass(slots=True)
class Look:
    """All files of a run. `named`: shown paths that findings are for; the rest is their project."""

    seen: list[Seen] = field(default_factory=list)
    named: frozenset[str] = frozenset()
    problems: list[PathProblem] = field(default_factory=list)


@dataclass(slots=True)
class Statistics:
    """What was done. `files`: all that were found; `skipped`: those left out by the prefilter.

    `followed`: skipped files that were read after all, because a call or a base leads there.
    """

    files: int = 0
    parsed: int = 0
    cached: int = 0
    skipped: int = 0
    followed: int = 0
    lines: int = 0
    lines_parsed: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sources:
    """Facts by shown path, in its order. `skipped`: the files that were not read."""

    files: dict[str, FileFacts]
    named: frozenset[str]
    skipped: tuple[SourceFile, ...]
    statistics: Statistics
    problems: list[PathProblem]
    _real: dict[str, Path]
    _follower: Follower
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """The text of a file, by its shown path. KeyError or OSError if there is none."""
        if path not in self._texts:
            self._texts[path] = decode(fetch(str(self._real[path])))
        return self._texts[path]

    def follow(self, names: Collection[str]) -> dict[str, FileFacts]:
        """Facts of skipped files that define these dotted names, as far as the budget goes."""
        more = self._follower.follow(names)
        self.files.update(more)
        return more


class Session:
    """One run over a project. Close it, or use it as a context manager."""

    def __init__(
        self,
        settings: Settings,
        root: Path,
        *,
        reader: Reader | None = None,
        progress: Progress | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """meanwhile: what can be done while other processes parse."""
        self._meanwhile = meanwhile or (lambda: None)
        self._settings = settings
        self._root = root
        self._reader = reader
        self._progress = progress
        self._cache: Cache | None = None
        self._workers: Workers | None = None
        self._begun: set[bytes] = set()
        self._entered = 0

    def __enter__(self) -> Session:
        self._entered += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._entered -= 1
        if kind is not None and self._workers is not None:
            self._workers.kill()
        if not self._entered:
            self.close()

    @property
    def cache(self) -> Cache:
        """What earlier runs kept; opened when first used, also again after `close`."""
        if self._cache is None:
            used = self._settings.cache
            self._cache = Cache(self._root / self._settings.cache_dir if used else None)
        return self._cache

    def close(self) -> None:
        """Let go of the cache and of the worker processes."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def aside(self, work: Callable[[_G], _R], given: _G) -> Callable[[], _R | None]:
        """Begin something in a worker process, if there are any; what it returns waits for it."""
        return partial(work, given) if self._workers is None else self._workers.aside(work, given)

    def look(self, paths: Sequence[Path]) -> Look:
        """The files under `paths`, and those of `settings.project` if there is one."""
        found = discover(paths, self._settings, self._root)
        files = {file.path: file for file in found.files}
        problems = list(found.problems)
        if self._settings.project:
            around = discover([self._root / self._settings.project], self._settings, self._root)
            files = {file.path: file for file in around.files} | files
            problems += [p for p in around.problems if p not in problems]
        seen, unread = self._see(sorted(files.values()))
        named = frozenset(file.path for file in found.files)
        return Look(seen, named, sorted(problems + unread))

    def recall(self, look: Look, salt: bytes) -> bytes | None:
        """What was kept for exactly these files; `salt` holds whatever else the result rests on."""
        return None if look.problems else self.cache.get_result(_run_key(look, salt))

    def keep(self, look: Look, salt: bytes, result: bytes) -> None:
        """Keep the result of a run."""
        if not look.problems:
            self.cache.put_result(_run_key(look, salt), result)

    def load(self, look: Look) -> Sources:
        """The facts of all files that can matter."""
        numbers = Statistics(files=len(look.seen), lines=sum(seen.lines for seen in look.seen))
        small = numbers.lines <= SMALL_LINES
        skipped = [seen for seen in look.seen if not (seen.wanted or small)]
        numbers.skipped = len(skipped)
        files = self.facts([seen for seen in look.seen if seen.wanted or small], numbers)
        real = {seen.file.path: seen.file.real for seen in look.seen}
        if self.cache.note:
            numbers.notes.append(self.cache.note)
        follower = Follower(self, skipped, [seen.file for seen in look.seen], numbers)
        unread = tuple(seen.file for seen in skipped)
        return Sources(files, look.named, unread, numbers, look.problems, real, follower)

    def facts(self, seen: Sequence[Seen], numbers: Statistics) -> dict[str, FileFacts]:
        """Facts by shown path: from the cache, else parsed; the same content is parsed once."""
        stored = self._stored({one.digest: _facts_key(one.digest) for one in seen})
        new = {one.digest: one for one in reversed(seen) if one.digest not in stored}
        ahead = self._ahead([_job(one) for one in new.values()], len(stored))
        known = _decoded(stored)
        spoilt = {one.digest: one for one in seen if one.digest in stored.keys() - known.keys()}
        missing = new | spoilt
        known |= self._parsed(ahead(), new)
        known |= self._parsed(self._done([_job(one) for one in spoilt.values()]), spoilt)
        numbers.cached += sum(one.digest not in missing for one in seen)
        numbers.parsed += sum(one.digest in missing for one in seen)
        numbers.lines_parsed += sum(one.lines for one in missing.values())
        return {one.file.path: known[one.digest] for one in seen}

    def _see(self, files: Iterable[SourceFile]) -> tuple[list[Seen], list[PathProblem]]:
        """Look at each file; read only those that have changed since they were last looked at."""
        states: dict[bytes, tuple[SourceFile, State]] = {}
        problems: list[PathProblem] = []
        for file in files:
            try:
                states[_file_key(file)] = file, State.of(file.real.stat())
            except OSError as error:
                problems.append(_unreadable(file, error))
        known = self.cache.known_files({key: state for key, (_, state) in states.items()})
        self._warm(sum(state.size for key, (_, state) in states.items() if key not in known))
        seen: dict[bytes, Seen] = {}
        fresh: dict[bytes, tuple[State, bytes]] = {}
        # Why the largest first: those that must be parsed are begun at once.
        for key, (file, state) in sorted(states.items(), key=lambda one: -one[1][1].size):
            row = known.get(key, b"")
            if len(row) == _SEEN.size:
                seen[key] = Seen(file, *_SEEN.unpack(row))
                continue
            try:
                one = seen[key] = _examine(file)
            except OSError as error:
                problems.append(_unreadable(file, error))
                continue
            fresh[key] = state, _SEEN.pack(*one[1:])
            self._begin(one)
        self.cache.remember_files(fresh)
        return [seen[key] for key in states if key in seen], problems

    def _stored(self, keys: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Facts from the cache by digest, as stored."""
        values = self.cache.get_many(keys.values())
        return {content: values[key] for content, key in keys.items() if key in values}

    def _parsed(self, results: Iterable[Done], new: Mapping[bytes, Seen]) -> dict[bytes, FileFacts]:
        """Facts of files that nobody had read yet, by the digest they were looked at with."""
        wanted = {str(one.file.real): one.digest for one in new.values()}
        found: dict[bytes, FileFacts] = {}
        store: dict[bytes, bytes] = {}
        for done in results:
            if isinstance(done.facts, bytes):
                store[_facts_key(done.digest)] = done.facts
                found[wanted[done.path]] = _decode(done.facts)
            else:
                found[wanted[done.path]] = done.facts
        self.cache.put_many(store)
        return found

    def _ahead(self, jobs: Sequence[Job], beside: int) -> Callable[[], Iterable[Done]]:
        """Parse; a few files in a process of their own while much else is decoded here."""
        few = jobs and sum(job.lines for job in jobs) <= POOL_LINES and not self._workers
        if not few or beside < BESIDE_FILES or self._jobs() < 2 or _has_parser():
            return lambda: self._done(jobs)
        from racecheck.source import pool

        if pool.start_method() != "fork":
            return lambda: self._done(jobs)
        done = pool.Workers().ahead(jobs, self._reader)
        self._meanwhile()
        return done

    def _done(self, jobs: Sequence[Job]) -> Iterator[Done]:
        """Parse here, or in worker processes when that is worth their start."""
        workers = min(self._jobs(), len(jobs))
        few = POOL_LINES if self._workers is None else STARTED_LINES
        many = workers > 1 and sum(job.lines for job in jobs) > few
        if many or any(job.digest in self._begun for job in jobs):
            from racecheck.source import pool

            self._workers = self._workers or pool.Workers()
            found = pool.read(jobs, workers, self._reader, self._workers, self._meanwhile)
        else:
            found = (run([job], self._reader) for job in jobs)
        count = 0
        for batch in found:
            count += len(batch)
            self._say(count, len(jobs))
            yield from batch

    def _warm(self, unknown: int) -> None:
        """Start worker processes early when so many bytes are new that they will be needed."""
        if self._jobs() > 1 and unknown > WARM_BYTES and self.cache.is_empty and not self._reader:
            from racecheck.source import pool

            self._workers = pool.Workers()
            self._workers.warm(self._jobs(), unknown // (WANTED_BYTES * pool.BATCHES))

    def _begin(self, one: Seen) -> None:
        """Have a file parsed while others are still being looked at, if there are processes."""
        if self._workers is not None and one.wanted and one.digest not in self._begun:
            self._begun.add(one.digest)
            self._workers.begin(_job(one))

    def _jobs(self) -> int:
        return self._settings.jobs or _cpus()

    def _say(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total)


def read(
    paths: Sequence[Path],
    settings: Settings,
    root: Path,
    *,
    reader: Reader | None = None,
    progress: Progress | None = None,
) -> Sources:
    """The facts of the files under `paths`. A path that does not exist is a `MissingPathError`."""
    with Session(settings, root, reader=reader, progress=progress) as session:
        return session.load(session.look(paths))


def _examine(file: SourceFile) -> Seen:
    data = fetch(str(file.real))
    lines = data.count(b"\n") + (not data.endswith((b"\n",)) and bool(data))
    return Seen(file, digest(data), prefilter.wants(data), lines)


def _has_parser() -> bool:
    """Whether its import is paid for already."""
    return "racecheck.facts.read" in sys.modules


def _job(one: Seen) -> Job:
    return Job(str(one.file.real), one.digest, one.lines)


def _decoded(values: Mapping[bytes, bytes]) -> dict[bytes, FileFacts]:
    """Facts that are whole."""
    found: dict[bytes, FileFacts] = {}
    for content, value in values.items():
        with suppress(msgspec.DecodeError, RecursionError):
            found[content] = _decode(value)
    return found


def _unreadable(file: SourceFile, error: OSError) -> PathProblem:
    return PathProblem(file.path, Problem("io", f"cannot be read: {error.strerror or error}"))


def _file_key(file: SourceFile) -> bytes:
    return facts_stamp() + os.fsencode(file.real)


def _facts_key(content: bytes) -> bytes:
    return digest(facts_stamp() + content)


def _run_key(look: Look, salt: bytes) -> bytes:
    state = blake2b(facts_stamp() + digest(salt), digest_size=DIGEST)
    for one in look.seen:
        named = b"+" if one.file.path in look.named else b"-"
        path = one.file.path.encode("utf-8", "surrogatepass")
        state.update(named + one.digest + path + b"\0")
    return state.digest()


def _cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
