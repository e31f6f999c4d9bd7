from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from racecheck.core import limits
from racecheck.core.errors import MissingPathError
from racecheck.facts import read as facts_read
from racecheck.facts.schema import FileFacts, Problem
from racecheck.settings import Settings
from racecheck.source import driver, reading, stamp
from racecheck.source.driver import Session
from tests.source.folders import THREADED, load, make, small

HOME = str(Path(__file__).parents[2])


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were opened."""
    opened: list[str] = []
    fetch = reading.fetch

    def spy(path: str) -> bytes:
        opened.append(Path(path).name)
        return fetch(path)

    monkeypatch.setattr(driver, "fetch", spy)
    return opened


def test_files_that_cannot_matter_are_not_parsed(project: Path) -> None:
    make(project, b=THREADED, a="x = 1\n", pkg__c="import threading\n")
    sources = load(project)
    assert list(sources.files) == ["b.py", "pkg/c.py"]
    assert sources.files["b.py"] == facts_read.read(THREADED.encode())
    assert [file.path for file in sources.skipped] == ["a.py"]
    assert sources.named == {"a.py", "b.py", "pkg/c.py"}
    numbers = sources.statistics
    assert (numbers.files, numbers.parsed, numbers.cached, numbers.skipped) == (3, 2, 0, 1)
    assert (numbers.lines, numbers.lines_parsed) == (5, 4)
    assert numbers.notes == []


def test_a_second_run_parses_nothing(
    project: Path, settled: None, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, a=THREADED, b="x = 1\n")
    first = load(project)
    assert counted == ["a.py", "b.py"]
    monkeypatch.setattr(reading, "_facts_reader", lambda: pytest.fail("parsed again"))
    second = load(project)
    assert counted == ["a.py", "b.py"]
    assert second.files == first.files
    assert (second.statistics.parsed, second.statistics.cached) == (0, 1)
    assert second.statistics.lines == first.statistics.lines == 4


def test_a_warm_run_does_not_import_the_parser(project: Path, settled: None) -> None:
    make(project, a=THREADED)
    load(project)
    code = (
        "import sys; from pathlib import Path; from racecheck.settings import Settings\n"
        "from racecheck.source import driver\n"
        "s = driver.read([Path('.')], Settings(), Path('.').resolve())\n"
        "print(s.statistics.cached, [m for m in ('libcst', 'concurrent.futures', 'pathspec')"
        " if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": HOME},
    )
    assert out.stdout == "1 []\n"


def test_a_changed_file_is_read_again(project: Path, settled: None) -> None:
    make(project, a=THREADED)
    load(project)
    path = project / "a.py"
    before = path.stat()
    path.write_text(THREADED.replace("LOCK", "LUCK"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    sources = load(project)
    assert sources.statistics.parsed == 1
    assert sources.files["a.py"] == facts_read.read(path.read_bytes())


def test_a_file_that_moved_is_not_parsed_again(project: Path) -> None:
    make(project, a=THREADED)
    load(project)
    (project / "a.py").rename(project / "z.py")
    sources = load(project)
    assert (list(sources.files), sources.statistics.cached) == (["z.py"], 1)


def test_the_same_content_is_parsed_once(project: Path) -> None:
    make(project, a="import threading\n", b="import threading\n")
    seen: list[bytes] = []

    def reader(data: bytes) -> FileFacts:
        seen.append(data)
        return small(data)

    sources = load(project, reader=reader)
    assert len(seen) == 1
    assert sources.files["a.py"] == sources.files["b.py"]
    assert (sources.statistics.parsed, sources.statistics.lines_parsed) == (2, 1)


def test_other_code_of_ours_reads_everything_again(
    project: Path, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, a=THREADED, b="x = 1\n")
    load(project)
    monkeypatch.setattr(driver, "facts_stamp", lambda: b"newer")
    assert load(project).statistics.parsed == 1


def test_the_stamp_knows_code_and_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    make_stamp = stamp.facts_stamp.__wrapped__
    assert make_stamp() == make_stamp() == stamp.facts_stamp()
    assert "libcst-1." in stamp.distribution("libcst")
    assert stamp.distribution("no_such_thing") == ""
    monkeypatch.setattr(stamp, "distribution", lambda name: "libcst-9.9.dist-info")
    other = make_stamp()
    assert other != stamp.facts_stamp()
    monkeypatch.setattr(stamp, "own_files", lambda patterns: [])
    assert make_stamp() != other


def test_the_stamp_of_an_archive_is_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "racecheck.pyz"
    archive.write_bytes(b"")
    monkeypatch.setattr(stamp, "__file__", str(archive / "racecheck" / "source" / "stamp.py"))
    assert stamp.own_files(("facts/*.py",)) == [archive]


def test_without_cache_nothing_is_written(project: Path) -> None:
    make(project, a=THREADED)
    assert load(project, cache=False).statistics.parsed == 1
    assert load(project, cache=False).statistics.parsed == 1
    assert [path.name for path in project.iterdir()] == ["a.py"]


def test_a_cache_that_cannot_be_used_is_said_and_costs_no_file(project: Path) -> None:
    make(project, a=THREADED)
    (project / "blocked").write_text("")
    sources = load(project, cache_dir="blocked")
    assert list(sources.files) == ["a.py"]
    (note,) = sources.statistics.notes
    assert note.startswith("no cache: ")


def test_stored_facts_that_do_not_fit_are_read_again(
    project: Path, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, a=THREADED)
    monkeypatch.setattr(reading, "_encode", lambda facts: b"\xc1")
    monkeypatch.setattr(driver, "_decode", lambda data: small(b"x"))
    load(project)
    monkeypatch.undo()
    monkeypatch.chdir(project)
    sources = load(project)
    assert sources.files["a.py"] == facts_read.read(THREADED.encode())
    assert sources.statistics.parsed == 1


def test_faults_are_not_kept(project: Path) -> None:
    make(project, a=THREADED)

    def fails(data: bytes) -> FileFacts:
        return FileFacts(problem=Problem("internal", "a fault of ours"))

    assert load(project, reader=fails).files["a.py"].problem is not None
    assert load(project).files["a.py"].problem is None


def test_facts_that_cannot_be_stored_are_used_all_the_same(project: Path) -> None:
    make(project, a=THREADED)

    def odd(data: bytes) -> FileFacts:
        return FileFacts(docs=("\ud800",))

    assert load(project, reader=odd).files["a.py"].docs == ("\ud800",)
    assert load(project, reader=odd).statistics.cached == 0


def test_a_file_that_cannot_be_read_is_a_problem(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, a=THREADED, b=THREADED + "x = 1\n")
    fetch = reading.fetch

    def refuse(path: str) -> bytes:
        if path.endswith("a.py"):
            raise PermissionError(13, "Permission denied")
        return fetch(path)

    monkeypatch.setattr(driver, "fetch", refuse)
    sources = load(project)
    assert list(sources.files) == ["b.py"]
    (problem,) = sources.problems
    assert (problem.path, problem.problem.kind) == ("a.py", "io")
    assert problem.problem.message == "cannot be read: Permission denied"


def test_a_file_that_vanishes_is_a_problem(project: Path) -> None:
    make(project, a=THREADED, b=THREADED + "x = 1\n")
    with Session(Settings(), project) as session:
        look = session.look([Path()])
        (project / "a.py").unlink()
        sources = session.load(look)
    problem = sources.files["a.py"].problem
    assert problem is not None
    assert (problem.kind, problem.message) == ("io", "cannot be read: No such file or directory")
    assert sources.files["b.py"].problem is None


def test_a_file_that_changes_in_between_is_kept_under_what_it_is_now(project: Path) -> None:
    make(project, a=THREADED)
    with Session(Settings(), project) as session:
        look = session.look([Path()])
        make(project, a="import threading\nx = 2\n")
        assert session.load(look).files["a.py"].lines == 2
    make(project, a=THREADED)
    sources = load(project)
    assert (sources.files["a.py"].lines, sources.statistics.parsed) == (3, 1)


def test_missing_paths_and_empty_folders(project: Path) -> None:
    with pytest.raises(MissingPathError, match=r"no file or folder `nofile\.py`"):
        load(project, "nofile.py")
    assert load(project).statistics.files == 0
    assert load(project).files == {}


def test_the_project_around_named_files_is_read_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, pkg__a=THREADED, pkg__b="import threading\n", pkg__c="x = 1\n")
    sources = load(project, "pkg/a.py", project=".")
    assert list(sources.files) == ["pkg/a.py", "pkg/b.py"]
    assert sources.named == {"pkg/a.py"}
    assert sources.statistics.files == 3
    monkeypatch.chdir(project / "pkg")
    assert load(project, "a.py", project=".").named == {"a.py"}


def test_texts_are_read_on_demand(project: Path) -> None:
    make(project, b="x = 1\n")
    (project / "a.py").write_bytes(b"# -*- coding: latin-1 -*-\r\nimport threading\r\nx = '\xe9'\r")
    sources = load(project)
    assert sources.text("a.py").split("\n") == [
        "# -*- coding: latin-1 -*-", "import threading", "x = 'é'", "",
    ]  # fmt: skip
    assert sources.text("b.py") == "x = 1\n"
    (project / "b.py").unlink()
    assert sources.text("b.py") == "x = 1\n"
    with pytest.raises(KeyError):
        sources.text("c.py")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1\r\n", "x = 1\n"),
        (b"# coding: nonsense\nx", "# coding: nonsense\nx"),
        (b"x = '\xff'\n", "x = '\ufffd'\n"),
        (b"", ""),
    ],
)
def test_any_bytes_are_text(data: bytes, text: str) -> None:
    assert driver.decode(data) == text


# --- hostile sources, through the real reader ------------------------------------------------


HOSTILE = {
    "nesting": b"import threading\nx = " + b"(" * 5_000 + b")" * 5_000,
    "deep dicts": b"import threading\nx = " + b"{1:" * 900 + b"1" + b"}" * 900,
    "elif": b"import threading\nif a: pass\n" + b"elif b: pass\n" * 5_000,
    "not": b"import threading\nx = " + b"not " * 1_500 + b"a\n",
    "minus": b"import threading\nx = " + b"-" * 1_500 + b"a\n",
    "lambda": b"import threading\nx = " + b"lambda: " * 500 + b"a\n",
    "and": b"import threading\nx = " + b"a and " * 5_000 + b"a\n",
    "indent": b"import threading\n" + b"".join(b" " * n + b"if a:\n" for n in range(500)),
    "null": b"import threading\nx = 1\0\n",
    "encoding": b"# coding: nonsense\nimport threading\n",
    "not utf-8": b"import threading\nx = '\xff'\n",
    "syntax": b"import threading\ndef\n",
    "size": b"import threading\n" + b"x = 1\n" * (limits.MAX_FILE_BYTES // 6 + 1),
}


def test_hostile_sources_cost_no_other_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "POOL_LINES", 100)
    for name, data in HOSTILE.items():
        (project / f"{name}.py").write_bytes(data)
    make(project, good=THREADED, also_good="import threading\n")
    sources = load(project, jobs=2)
    assert len(sources.files) == len(HOSTILE) + 2
    assert sources.files["good.py"] == facts_read.read(THREADED.encode())
    assert sources.files["also_good.py"].problem is None
    kinds = {
        path[:-3]: facts.problem and facts.problem.kind for path, facts in sources.files.items()
    }
    assert kinds["size"] == "size"
    assert kinds["nesting"] == kinds["deep dicts"] == "nesting"
    assert kinds["null"] == kinds["syntax"] == "syntax"
    assert kinds["encoding"] == kinds["not utf-8"] == "encoding"
    assert kinds["indent"] == "syntax"


# --- results of whole runs -------------------------------------------------------------------


def test_a_result_is_recalled_for_exactly_the_same_files(project: Path) -> None:
    make(project, a=THREADED, b="x = 1\n", c=THREADED)

    def recall(salt: bytes = b"s", *names: str) -> bytes | None:
        with Session(Settings(), project) as session:
            return session.recall(session.look([Path(n) for n in names or (".",)]), salt)

    with Session(Settings(), project) as session:
        session.keep(session.look([Path()]), b"s", b"result")
    assert recall() == b"result"
    assert recall(b"other") is None
    assert recall(b"s", "a.py", "b.py") is None
    make(project, b="x = 2\n")
    assert recall() is None
    make(project, b="x = 1\n")
    assert recall() == b"result"
    (project / "b.py").rename(project / "d.py")
    assert recall() is None


def test_named_files_are_part_of_what_is_recalled(project: Path) -> None:
    make(project, a=THREADED, b="x = 1\n")
    with Session(Settings(project="."), project) as session:
        session.keep(session.look([Path("a.py")]), b"", b"result")
        assert session.recall(session.look([Path("a.py")]), b"") == b"result"
        assert session.recall(session.look([Path("b.py")]), b"") is None


def test_a_run_with_unreadable_files_is_not_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, a=THREADED)

    def refuse(path: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    with Session(Settings(), project) as session:
        monkeypatch.setattr(driver, "fetch", refuse)
        look = session.look([Path()])
        session.keep(look, b"", b"result")
        assert session.recall(look, b"") is None
