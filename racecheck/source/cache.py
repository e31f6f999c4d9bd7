"""What was read in earlier runs, in one SQLite file. It may be lost at any time and never lies.

Values are bytes by key; whoever puts them encodes what they depend on into the key. Each is kept
with a checksum, so that a damaged file costs time and never a finding. Nothing here raises: when
the cache cannot be used, it is empty, and `note` says why.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

LAYOUT: Final = 1
"""Part of the file's name and stored in it: raised whenever the tables change."""

FILE: Final = f"facts-{LAYOUT}.sqlite"
_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of racecheck; `racecheck clean` removes it.\n"
)
KEEP_RESULTS: Final = 64
"""Results of whole runs that are kept; a project is looked at in a few ways, again and again."""

KEEP_DAYS: Final = 30
"""What was not used for so long is dropped: sources of branches that are gone."""

_ANY: Final = "select key from facts limit 1"
_BATCH: Final = 500
_WAIT: Final = 0.5
_DAY: Final = 86_400_000_000
_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which another write must have changed a file's times."""

_TABLES: Final = """
create table if not exists facts(key blob primary key, value blob not null,
  used integer not null) without rowid;
create table if not exists results(key blob primary key, value blob not null,
  used integer not null) without rowid;
create table if not exists files(path blob primary key, state blob not null, value blob not null,
  used integer not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class State:
    """What tells, without reading it, that a file is the one of last time."""

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> State:
        """The state of a file from its `stat`."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    @property
    def settled(self) -> bool:
        """Whether a later write is sure to give another state, however coarse the clock is."""
        return max(self.modified, self.changed) + _SETTLED < time.time_ns()

    def pack(self) -> bytes:
        """As bytes."""
        return f"{self.size} {self.modified} {self.changed} {self.inode}".encode()


class Cache:
    """A cache in `folder`; with None, one that stays empty."""

    def __init__(self, folder: Path | None) -> None:
        self.note = ""
        self._now = time.time_ns() // 1000
        self._file = Path() if folder is None else folder / FILE
        self._connection: sqlite3.Connection | None = None
        self._changed = False
        self._stale: dict[str, list[bytes]] = {"facts": [], "results": [], "files": []}
        if folder is not None:
            self._open(folder)

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever read, or all of it is lost."""
        found: list[object] = []
        self._attempt(lambda connection: found.extend(connection.execute(_ANY)))
        return not found

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values that are known, by key."""
        return self._get("facts", list(keys))

    def put_many(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values."""
        self._put("facts", values)

    def get_result(self, key: bytes) -> bytes | None:
        """The result of a whole run."""
        return self._get("results", [key]).get(key)

    def put_result(self, key: bytes, value: bytes) -> None:
        """Keep the result of a whole run; only the latest few are kept."""
        self._put("results", {key: value})

    def known_files(self, states: Mapping[bytes, State]) -> dict[bytes, bytes]:
        """What was remembered of files that have not changed since, by path."""
        wanted = {path: state.pack() for path, state in states.items()}
        found: dict[bytes, bytes] = {}
        query = "select path, state, value, used from files where path in "

        def read(connection: sqlite3.Connection) -> None:
            for path, state, value, used in _select(connection, query, list(wanted)):
                checked = _checked(path, value)
                if state == wanted.get(path) and checked is not None:
                    found[path] = checked
                    self._touch("files", path, used)

        self._attempt(read)
        return found

    def remember_files(self, rows: Mapping[bytes, tuple[State, bytes]]) -> None:
        """Keep something about files. Those written this moment are left out: they may change."""
        values = [
            (path, state.pack(), _sealed(path, value), self._now)
            for path, (state, value) in rows.items()
            if state.settled
        ]
        if values:
            self._write("insert or replace into files values (?, ?, ?, ?)", values)

    def close(self) -> None:
        """Note what was used, drop what was not for long, let go of the file."""
        if self._connection is None:
            return
        self._attempt(self._tidy)
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _open(self, folder: Path) -> None:
        try:
            _make_folder(folder)
        except OSError as error:
            self.note = f"no cache: {folder} cannot be written ({error.strerror or error})"
            return
        try:
            self._connection = _connect(self._file)
        except Exception as error:  # even its error messages may not be text
            if _is_damage(error):
                self._renew()
            else:
                self._fail(error)

    def _renew(self) -> None:
        """Start again with an empty file where something else or a broken one stands."""
        try:
            _remove(self._file)
            self._connection = _connect(self._file)
            self.note = "the cache was damaged and has been emptied"
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        self.note = f"no cache: {error}"

    def _attempt(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do it, or go on without a cache. A damaged file is removed for the next run."""
        if self._connection is None:
            return
        try:
            work(self._connection)
        except Exception as error:  # a damaged file gives values and messages of any kind
            self._fail(error)
            if _is_damage(error):
                with suppress(OSError):
                    _remove(self._file)

    def _get(self, table: str, keys: list[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        query = f"select key, value, used from {table} where key in "  # noqa: S608 (names of ours)

        def read(connection: sqlite3.Connection) -> None:
            for key, value, used in _select(connection, query, keys):
                checked = _checked(key, value)
                if checked is not None:
                    found[key] = checked
                    self._touch(table, key, used)

        self._attempt(read)
        return found

    def _put(self, table: str, values: Mapping[bytes, bytes]) -> None:
        rows = [(key, _sealed(key, value), self._now) for key, value in values.items()]
        if rows:
            self._write(f"insert or replace into {table} values (?, ?, ?)", rows)  # noqa: S608

    def _touch(self, table: str, key: bytes, used: int) -> None:
        if not self._now - _DAY < used <= self._now:
            self._stale[table].append(key)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(statement, rows)

        self._changed = True
        self._attempt(write)

    def _tidy(self, connection: sqlite3.Connection) -> None:
        if not self._changed and not any(self._stale.values()):
            return
        with connection:
            for table, key in (("facts", "key"), ("results", "key"), ("files", "path")):
                connection.executemany(
                    f"update {table} set used = ? where {key} = ?",  # noqa: S608
                    [(self._now, stale) for stale in self._stale[table]],
                )
                connection.execute(
                    f"delete from {table} where used < ?",  # noqa: S608
                    (self._now - KEEP_DAYS * _DAY,),
                )
            connection.execute(
                "delete from results where key not in"
                " (select key from results order by used desc limit ?)",
                (KEEP_RESULTS,),
            )


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file and make its tables. A file of another layout counts as damaged."""
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level="DEFERRED")
    try:
        connection.execute("pragma synchronous = off")
        (layout,) = connection.execute("pragma user_version").fetchone()
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        if layout == 0 and not tables:
            connection.executescript(
                f"begin immediate; {_TABLES} pragma user_version = {LAYOUT}; commit"
            )
        elif layout != LAYOUT or not {"facts", "results", "files"} <= tables:
            raise sqlite3.DatabaseError("another layout")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: Exception) -> bool:
    """Whether the file is to blame, not its lock, its disk or its permissions."""
    if isinstance(error, sqlite3.OperationalError):
        return "no such" in str(error) or "malformed" in str(error)
    return not isinstance(error, MemoryError)


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _select(
    connection: sqlite3.Connection, query: str, keys: list[bytes]
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        yield from connection.execute(f"{query}({','.join('?' * len(batch))})", batch)


def _sealed(key: bytes, value: bytes) -> bytes:
    return zlib.crc32(value, zlib.crc32(key)).to_bytes(4, "big") + value


def _checked(key: bytes, sealed: object) -> bytes | None:
    """The value without its checksum, None if it does not fit."""
    if not isinstance(sealed, bytes):
        return None
    value = sealed[4:]
    return value if _sealed(key, value) == sealed else None
