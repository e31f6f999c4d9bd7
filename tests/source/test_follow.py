"""Files that were left out are read when a name leads there, within a budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.facts import read as facts_read
from racecheck.settings import Settings
from racecheck.source import follow
from racecheck.source.driver import Session
from tests.source.folders import THREADED, load, make, small


def lines(count: int, last: str = "") -> str:
    return "x = 1\n" * (count - bool(last)) + last


def test_skipped_files_are_read_when_a_name_leads_there(project: Path) -> None:
    make(
        project,
        pkg__init="",
        pkg__a=THREADED,
        pkg__b="def helper(): pass\n",
        pkg__sub__init="class Base: pass\n",
        src__top="def f(): pass\n",
        plain__mod="def g(): pass\n",
    )
    sources = load(project)
    assert list(sources.files) == ["pkg/a.py"]
    names = ["pkg.b.helper", "pkg.sub.Base.run", "top", "plain.mod", "os.path", "pkg.a", "nothing"]
    found = sources.follow(names)
    assert list(found) == ["pkg/b.py", "pkg/sub/__init__.py", "plain/mod.py", "src/top.py"]
    assert found["pkg/b.py"] == facts_read.read(b"def helper(): pass\n")
    assert set(sources.files) == {"pkg/a.py", *found}
    assert sources.statistics.followed == 4
    assert sources.statistics.notes == []
    assert sources.follow(names) == {}


def test_a_package_that_holds_nothing_else_answers_for_its_names(project: Path) -> None:
    make(project, pkg__init="from .b import f\n", pkg__b="def f(): pass\n", a=THREADED)
    assert list(load(project).follow(["pkg.f"])) == ["pkg/__init__.py"]


def test_what_is_followed_is_cached_and_counted_the_same(project: Path, settled: None) -> None:
    make(project, a=THREADED, b="def f(): pass\n")
    for parsed in (2, 0):
        with Session(Settings(), project) as session:
            sources = session.load(session.look([Path()]))
            assert list(sources.follow(["b.f"])) == ["b.py"]
        assert (sources.statistics.parsed, sources.statistics.followed) == (parsed, 1)


def test_following_ends_with_its_budget(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LINES_AT_LEAST", 10)
    make(project, a=THREADED, b=lines(6), c=lines(3), d=lines(8))
    sources = load(project)
    assert list(sources.follow(["b", "c", "d"])) == ["c.py", "b.py"]
    assert sources.statistics.notes == ["1 file that calls lead to were not read: budget used up"]


def test_following_takes_only_so_many_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "FOLLOW_FILES", 2)
    make(project, a=THREADED, **{name: lines(2, f"y = '{name}'\n") for name in "bcdef"})
    sources = load(project)
    assert list(sources.follow(list("bcdef"))) == ["b.py", "c.py"]
    assert sources.follow(["d"]) == {}
    assert sources.statistics.followed == 2
    assert "3 files" in sources.statistics.notes[0]


def test_the_budget_grows_with_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LINES_AT_LEAST", 1)
    monkeypatch.setattr(follow, "FOLLOW_LINES_SHARE", 0.5)
    make(project, a=lines(20, "import threading\n"), b=lines(11), c=lines(10))
    assert list(load(project, reader=small).follow(["b"])) == []
    assert list(load(project, reader=small).follow(["c"])) == ["c.py"]
