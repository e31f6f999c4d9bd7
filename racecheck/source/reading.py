"""Reading one file after the other: what worker processes do, and one process for a few files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from racecheck.core.limits import MAX_FILE_BYTES
from racecheck.facts.schema import FileFacts, Problem
from racecheck.source.stamp import digest

Reader = Callable[[bytes], FileFacts]
_encode: Final = msgspec.msgpack.Encoder().encode


class Job(NamedTuple):
    """A file to parse: its real path, what it held when it was looked at, and how long it is."""

    path: str
    digest: bytes
    lines: int


class Done(NamedTuple):
    """What came of it: facts as stored, or as they are when they cannot be stored.

    `digest` is of the bytes that were read now: the file may have changed since it was looked at.
    """

    path: str
    digest: bytes
    facts: bytes | FileFacts


def fetch(path: str) -> bytes:
    """The bytes of a file; one byte too many of one that is too large."""
    with Path(path).open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def run(jobs: Sequence[Job], reader: Reader | None = None) -> list[Done]:
    """Read files. `reader` is `facts.read` unless a test brings its own."""
    return [_one(job, reader or _facts_reader()) for job in jobs]


def warm() -> None:
    """Import what reading needs."""
    _facts_reader()


def _one(job: Job, reader: Reader) -> Done:
    try:
        data = fetch(job.path)
    except OSError as error:
        problem = Problem("io", f"cannot be read: {error.strerror or error}")
        return Done(job.path, job.digest, FileFacts(problem=problem))
    facts = reader(data)
    return Done(job.path, digest(data), _stored(facts))


def _stored(facts: FileFacts) -> bytes | FileFacts:
    """Faults of ours and of the system are not kept: the next run may do better."""
    if facts.problem is not None and facts.problem.kind in ("internal", "io"):
        return facts
    try:
        return _encode(facts)
    except (UnicodeError, ValueError, RecursionError):
        # Why: lone surrogates of the source have no UTF-8 form.
        return facts


@cache
def _facts_reader() -> Reader:
    # Why here: a warm run never needs the parser.
    from racecheck.facts.read import read

    return read
