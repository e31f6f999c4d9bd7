"""Questions about classes outside the project."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from racecheck.catalog.load import models
from racecheck.facts.read import read
from racecheck.program import link, standard
from racecheck.program.environment import BUDGET, Answers, Environment


def refuse(name: str) -> object:
    raise AssertionError(f"asked again: {name}")


def test_bases_of_a_library_class() -> None:
    found = Environment().ancestors("socketserver.ThreadingTCPServer")
    assert found is not None
    assert found >= {"socketserver.ThreadingMixIn", "socketserver.BaseServer"}
    assert "object" not in found


def test_what_is_no_class_or_does_not_exist_is_unknown() -> None:
    environment = Environment()
    for name in ("os.path.join", "nowhere.at.All", "socketserver.NoSuchServer", "os", ""):
        assert environment.ancestors(name) is None, name


def test_hostile_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_library.py").write_text("class A(:\n")
    (tmp_path / "loop_library.py").write_text("class A(B): pass\nclass B(A): pass\nC = C.D\n")
    (tmp_path / "bytes_library.py").write_bytes(b"\xff\xfe\x00class A: pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    environment = Environment()
    for name in ("broken_library.A", "bytes_library.A", "loop_library.C"):
        assert environment.ancestors(name) is None
    circle = environment.ancestors("loop_library.A")
    assert circle is None or circle <= {"loop_library.A", "loop_library.B"}


def test_answers_are_kept_under_the_version() -> None:
    stored: dict[str, str] = {}
    first = Environment(stored).ancestors("pytest.Item")
    (key,) = stored
    assert key == f"pytest.Item@{pytest.__version__}"
    assert Environment(stored, build=refuse).ancestors("pytest.Item") == first


def test_what_is_not_known_is_kept_too() -> None:
    stored: dict[str, str] = {}
    assert Environment(stored).ancestors("socketserver.Nothing") is None
    assert list(stored.values()) == ["?"]


def test_the_budget_ends_the_search() -> None:
    now = 0.0
    asked: list[str] = []

    def build(name: str) -> object:
        nonlocal now
        now += BUDGET
        asked.append(name)
        raise ImportError(name)

    environment = Environment(clock=lambda: now, build=build)
    assert not environment.exhausted
    assert environment.ancestors("a.B") is None
    assert environment.exhausted
    assert environment.ancestors("c.D") is None
    assert asked == ["a"]


def begun(work: Callable[[list[str]], Answers], names: list[str]) -> Callable[[], Answers]:
    return lambda: work(names)


def test_what_is_expected_is_asked_elsewhere_and_received_once() -> None:
    begun_with: list[list[str]] = []

    def aside(work: Callable[[list[str]], Answers], names: list[str]) -> Callable[[], Answers]:
        begun_with.append(names)
        return begun(work, names)

    stored: dict[str, str] = {}
    refused = Environment(stored, build=refuse)
    refused.expect(["pytest.Item", "socketserver.Nothing", "pytest.Item"], aside)
    assert begun_with == [["pytest.Item", "socketserver.Nothing"]]
    assert refused.ancestors("pytest.Item") == Environment().ancestors("pytest.Item")
    assert refused.ancestors("socketserver.Nothing") is None
    again = Environment(stored, build=refuse)
    again.expect(["pytest.Item"], aside)
    assert len(begun_with) == 1
    assert again.ancestors("pytest.Item") == refused.ancestors("pytest.Item")


def test_the_time_of_another_process_counts() -> None:
    environment = Environment(build=refuse)
    environment.expect(["a.B", "c.D"], lambda work, names: lambda: ({"a.B@": "x.Y"}, BUDGET))
    assert environment.ancestors("a.B") == {"x.Y"}
    assert environment.exhausted
    assert environment.ancestors("c.D") is None


def test_a_process_that_dies_of_a_library_leaves_it_unknown() -> None:
    stored: dict[str, str] = {}
    environment = Environment(stored, build=refuse)
    environment.expect(["pytest.Item"], lambda work, names: lambda: None)
    assert environment.ancestors("pytest.Item") is None
    assert stored == {}


def test_astroid_is_not_imported_without_a_question() -> None:
    code = """
        import sys
        from racecheck.program import link
        from racecheck.program.environment import Environment
        from racecheck.catalog.load import models
        from racecheck.facts.read import read
        source = b"import threading\\nclass A(threading.Thread):\\n    def run(self): pass\\n"
        facts = {"m.py": read(source)}
        link.build(facts, models(), "", Environment())
        assert "astroid" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", dedent(code)], check=True, cwd=Path(__file__).parents[2])


class Fake:
    """An environment that knows one library."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ancestors(self, name: str) -> frozenset[str] | None:
        self.asked.append(name)
        return frozenset({"lib.base.Root", "threading.Thread"}) if name == "lib.Base" else None


def test_library_bases_make_thread_subclasses() -> None:
    text = """
        import lib, other
        class A(lib.Base):
            def run(self): pass
        class B(other.Thing):
            def run(self): pass
        class C(lib.Base):
            def unrelated(self): pass
        from m.inner import Own
        class D(Own):
            def run(self): pass
    """
    fake = Fake()
    made = link.build({"m.py": read(dedent(text).encode())}, models(), "", fake)
    assert made.classes["m.A"].externals >= {"lib.Base", "lib.base.Root", "threading.Thread"}
    assert [e.function for e in made.entries] == ["m:A.run"]
    assert sorted(set(fake.asked)) == ["lib.Base", "other.Thing"]


@pytest.mark.parametrize(
    "name",
    [
        "collections.UserDict", "http.server.HTTPServer", "logging.handlers.QueueHandler",
        "multiprocessing.pool.ThreadPool", "multiprocessing.pool.Nothing", "pdb.Pdb",
        "socketserver.ThreadingTCPServer", "threading.Timer", "unittest.TestCase",
    ],
)  # fmt: skip
def test_the_standard_library_answers_as_astroid_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least in what the library models speak of."""
    direct = standard.ancestors(name)
    monkeypatch.setattr(standard, "knows", lambda name: False)
    asked = Environment().ancestors(name)
    assert (direct is None) == (asked is None)
    known = {*models().entries, *models().subclasses, *models().locks, *models().safe}
    assert known & {*(direct or ())} == known & {*(asked or ())}
