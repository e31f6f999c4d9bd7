from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from racecheck.source import cache as module
from racecheck.source.cache import FILE, KEEP_DAYS, KEEP_RESULTS, Cache, State

OLD = State(1, 10, 10, 7)


def fill(folder: Path, count: int = 50) -> dict[bytes, bytes]:
    values = {b"key%d" % n: b"value%d" % n * 100 for n in range(count)}
    with Cache(folder) as cache:
        cache.put_many(values)
        cache.put_result(b"run", b"result")
        cache.remember_files({b"a.py": (OLD, b"digest")})
    return values


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    values = fill(tmp_path / "c")
    with Cache(tmp_path / "c") as cache:
        assert cache.get_many([*values, b"other"]) == values
        assert cache.get_result(b"run") == b"result"
        assert cache.get_result(b"other") is None
        assert cache.known_files({b"a.py": OLD, b"b.py": OLD}) == {b"a.py": b"digest"}
        assert cache.note == ""


def test_more_keys_than_a_statement_takes(tmp_path: Path) -> None:
    values = fill(tmp_path, 1_203)
    with Cache(tmp_path) as cache:
        assert cache.get_many(values) == values


def test_the_folder_says_what_it_is(tmp_path: Path) -> None:
    fill(tmp_path / "x" / "c")
    assert (tmp_path / "x" / "c" / ".gitignore").read_text() == "*\n"
    tag = (tmp_path / "x" / "c" / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_without_a_folder_it_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Cache(None) as cache:
        cache.put_many({b"a": b"b"})
        cache.remember_files({b"a.py": (OLD, b"x")})
        assert cache.get_many([b"a"]) == {}
        assert cache.known_files({b"a.py": OLD}) == {}
        assert cache.note == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "state", [State(2, 10, 10, 7), State(1, 11, 10, 7), State(1, 10, 11, 7), State(1, 10, 10, 8)]
)
def test_a_changed_file_is_not_known(tmp_path: Path, state: State) -> None:
    fill(tmp_path)
    with Cache(tmp_path) as cache:
        assert cache.known_files({b"a.py": state}) == {}


def test_a_file_written_this_moment_is_not_remembered(tmp_path: Path) -> None:
    now = time.time_ns()
    future = State(1, now + 10**12, 0, 0)
    with Cache(tmp_path) as cache:
        rows = {b"a": State(1, now, now, 7), b"b": State(1, 0, now, 7), b"c": future, b"d": OLD}
        cache.remember_files({path: (state, b"x") for path, state in rows.items()})
        assert cache.known_files(rows) == {b"d": b"x"}


def test_the_state_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("abc")
    before = State.of(path.stat())
    assert before.size == 3
    os.utime(path, ns=(5, 5))
    after = State.of(path.stat())
    assert after.modified == 5
    assert after.pack() != before.pack()


def test_a_file_cut_anywhere_loses_time_only(tmp_path: Path) -> None:
    values = fill(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    for size in [*range(0, 200, 7), *range(200, len(whole), 1009), len(whole) - 1]:
        (tmp_path / FILE).write_bytes(whole[:size])
        with Cache(tmp_path) as cache:
            found = cache.get_many(values)
            assert found.items() <= values.items()
            assert cache.get_result(b"run") in (None, b"result")
            cache.put_many(values)
        with Cache(tmp_path) as cache:
            cache.put_many(values)
        with Cache(tmp_path) as cache:
            assert cache.get_many(values) == values


def test_damaged_bytes_are_never_believed(tmp_path: Path) -> None:
    values = fill(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    dice = random.Random(5)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(40):
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        (tmp_path / FILE).write_bytes(broken)
        with Cache(tmp_path) as cache:
            assert cache.get_many(values).items() <= values.items()
            assert cache.get_result(b"run") in (None, b"result")
            assert cache.known_files({b"a.py": OLD}).get(b"a.py") in (None, b"digest")
            cache.put_result(b"run", b"result")


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 9000]
)
def test_something_else_in_its_place_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    values = fill(tmp_path)
    with Cache(tmp_path) as cache:
        assert cache.get_many(values) == values


def test_another_layout_is_replaced(tmp_path: Path) -> None:
    for script in (
        "create table facts(other)",
        "pragma user_version = 99",
        f"pragma user_version = {module.LAYOUT}",
        "create table facts(a); create table results(a); create table files(a);"
        f"pragma user_version = {module.LAYOUT}",
    ):
        (tmp_path / FILE).unlink(missing_ok=True)
        connection = sqlite3.connect(tmp_path / FILE)
        connection.executescript(script)
        connection.close()
        with Cache(tmp_path) as cache:
            assert cache.get_many([b"key1"]) == {}
        values = fill(tmp_path)
        with Cache(tmp_path) as cache:
            assert cache.get_many(values) == values


def test_a_second_process_that_holds_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    monkeypatch.setattr(module, "_WAIT", 0.0)
    code = (
        "import sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('begin exclusive'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with Cache(tmp_path) as cache:
            assert cache.get_many([b"key1"]) == {}
            cache.put_many({b"new": b"x"})
            assert cache.note == "no cache: database is locked"
        other.communicate(b"")
    with Cache(tmp_path) as cache:
        assert set(cache.get_many([b"key1", b"new"])) == {b"key1"}
        assert cache.note == ""


def test_two_at_once(tmp_path: Path) -> None:
    with Cache(tmp_path) as one, Cache(tmp_path) as two:
        one.put_many({b"a": b"1"})
        two.put_many({b"b": b"2", b"a": b"1"})
        assert one.get_many([b"a", b"b"]) == {b"a": b"1", b"b": b"2"}


def test_many_processes_that_start_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from racecheck.source.cache import Cache\n"
        "with Cache(Path(sys.argv[1])) as c: c.put_many({sys.argv[2].encode(): b'x'})\n"
        "assert not c.note, c.note"
    )
    home = str(Path(__file__).parents[2])
    others = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "c"), str(n)],
            env={**os.environ, "PYTHONPATH": home},
        )
        for n in range(6)
    ]
    assert [other.wait() for other in others] == [0] * 6
    with Cache(tmp_path / "c") as cache:
        assert len(cache.get_many([str(n).encode() for n in range(6)])) == 6


@pytest.mark.parametrize("what", ["file", "folder in place of the file", "no permission"])
def test_a_folder_that_cannot_be_used(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "c"
    if what == "file":
        folder.write_text("")
    elif what == "folder in place of the file":
        (folder / FILE).mkdir(parents=True)
    else:

        def refuse(self: Path, *args: object, **more: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "mkdir", refuse)
    with Cache(folder) as cache:
        cache.put_many({b"a": b"b"})
        cache.remember_files({b"a.py": (OLD, b"x")})
        assert cache.get_many([b"a"]) == {}
        assert cache.get_result(b"a") is None
        assert cache.note.startswith("no cache: ")


def test_a_file_that_cannot_be_written_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = fill(tmp_path)
    (tmp_path / FILE).chmod(stat.S_IREAD)
    connect = sqlite3.connect

    def read_only(path: Path, **more: object) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", uri=True)

    monkeypatch.setattr(module.sqlite3, "connect", read_only)
    with Cache(tmp_path) as cache:
        assert cache.get_many(values) == values
        cache.put_many({b"new": b"x"})
        assert cache.note == "no cache: attempt to write a readonly database"


def at(monkeypatch: pytest.MonkeyPatch, day: float) -> None:
    monkeypatch.setattr(module.time, "time_ns", lambda: int((20_000 + day) * 86_400 * 10**9))


def test_what_is_not_used_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    fill(tmp_path)
    at(monkeypatch, KEEP_DAYS - 5)
    with Cache(tmp_path) as cache:
        cache.get_many([b"key1"])
        cache.known_files({b"a.py": OLD})
    at(monkeypatch, KEEP_DAYS + 5)
    with Cache(tmp_path) as cache:
        cache.put_many({b"new": b"x"})
    with Cache(tmp_path) as cache:
        assert set(cache.get_many([b"key1", b"key2", b"new"])) == {b"key1", b"new"}
        assert cache.known_files({b"a.py": OLD}) == {b"a.py": b"digest"}
        assert cache.get_result(b"run") is None


def test_only_the_latest_results_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(KEEP_RESULTS + 10):
        at(monkeypatch, n / 1000)
        with Cache(tmp_path) as cache:
            cache.put_result(b"%d" % n, b"x")
    with Cache(tmp_path) as cache:
        kept = [n for n in range(KEEP_RESULTS + 10) if cache.get_result(b"%d" % n)]
    assert kept == list(range(10, KEEP_RESULTS + 10))


def test_a_run_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    before = (tmp_path / FILE).stat().st_mtime_ns
    with Cache(tmp_path) as cache:
        cache.get_many([b"key1"])
    assert (tmp_path / FILE).stat().st_mtime_ns == before
