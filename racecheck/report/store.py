"""Results of whole runs as bytes, and what they depend on besides the files that were linted."""

# Why strings: every run looks at hundreds of files here.
# ruff: noqa: PTH109, PTH112, PTH116, PTH118
from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from racecheck import __version__
from racecheck.catalog.load import data_folder
from racecheck.report.result import Result
from racecheck.settings import Loaded

_IRRELEVANT: Final = frozenset(
    {
        *("output-format", "output", "exit-zero", "fail-on", "baseline"),
        *("jobs", "cache", "cache-dir", "run", "pytest"),
    }
)
"""Settings that change how findings are shown or how fast they come, not what is found.

Known findings are taken out of a kept result: whoever edits the baseline waits for no check.
"""


def encode(result: Result) -> bytes:
    """The bytes of a result; b"" if it cannot be kept (a lone surrogate has no UTF-8 form)."""
    try:
        return msgspec.msgpack.encode(result)
    except UnicodeError:
        return b""


def decode(data: bytes) -> Result | None:
    """The result, or None if these are not the bytes of one."""
    try:
        return msgspec.msgpack.decode(data, type=Result)
    except (msgspec.DecodeError, UnicodeError):
        return None


def encode_answers(answers: Mapping[str, str]) -> bytes:
    """The bytes of what was learned about libraries."""
    return msgspec.msgpack.encode(dict(answers))


def decode_answers(data: bytes) -> dict[str, str]:
    """What was learned about libraries; nothing if these are not the bytes of it."""
    try:
        return msgspec.msgpack.decode(data, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeError):
        return {}


def salt(loaded: Loaded, codes: Collection[str], named: Collection[Path] = ()) -> bytes:
    """Everything that a result depends on, apart from the files: us, settings, surroundings.

    `named`: files (not folders) that somebody named; they are looked at more closely.
    """
    state = blake2b(digest_size=16)
    table = msgspec.to_builtins(loaded.settings)
    relevant = {key: value for key, value in table.items() if key not in _IRRELEVANT}
    files = sorted(str(path) for path in named)
    known = (__version__, sys.version_info[:3], str(loaded.root), sorted(codes), relevant, files)
    state.update(repr(known).encode("utf-8", "surrogatepass"))
    if any(row.until for row in loaded.settings.suppress):
        state.update(date.today().isoformat().encode())
    for line in _tools(loaded):
        state.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return state.digest()


def _tools(loaded: Loaded) -> Iterator[str]:
    """Our own code and rules, models of the user, and the folders that libraries are found in."""
    yield from _states(str(Path(__file__).parents[1]), ".py")
    yield from _states(str(data_folder()), ".toml")
    for name in loaded.settings.models:
        yield from _states(os.path.join(loaded.root, name), ".toml")
    here = os.getcwd()
    for entry in sys.path:
        if entry not in ("", here):
            yield f"{entry} {_state(entry)}"


def _states(path: str, suffix: str) -> Iterator[str]:
    """Name, size and time of a file, or of every file below a folder: enough for a cache."""
    if not os.path.isdir(path):
        yield f"{path} {_state(path)}"
        return
    for entry in sorted(os.scandir(path), key=lambda found: found.name):
        if entry.is_dir():
            yield from _states(entry.path, suffix)
        elif entry.name.endswith(suffix):
            yield f"{entry.path} {_state(entry.path)}"


def _state(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_size} {status.st_mtime_ns}"
