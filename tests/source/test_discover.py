from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from racecheck.core.errors import ExitCode, MissingPathError
from racecheck.settings import Settings
from racecheck.source.discover import Discovered, discover, shown
from racecheck.source.globs import Globs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def search(project: Path, *names: str, **settings: Any) -> Discovered:
    return discover([Path(n) for n in names or (".",)], Settings(**settings), project)


def paths(project: Path, *names: str, **settings: Any) -> list[str]:
    found = search(project, *names, **settings)
    assert found.problems == ()
    return [file.path for file in found.files]


def test_folders_are_searched_in_a_fixed_order(project: Path) -> None:
    make(project, "b.py", "a/z.py", "a/b/c.py", "a.py", "README.md", "a/stub.pyi", "a/x.pyc")
    assert paths(project) == ["a.py", "a/b/c.py", "a/z.py", "b.py"]
    assert paths(project, "b.py", "a") == ["a/b/c.py", "a/z.py", "b.py"]


def test_a_named_file_counts_whatever_its_suffix(project: Path) -> None:
    make(project, "script", "a.pyi", "b.py")
    assert paths(project, "script", "a.pyi") == ["a.pyi", "script"]


def test_nothing_is_found_twice(project: Path) -> None:
    make(project, "a/b.py")
    assert paths(project, ".", "a", "a/b.py", "a/../a/b.py") == ["a/b.py"]


def test_an_empty_folder_has_no_files_and_no_problem(project: Path) -> None:
    (project / "empty").mkdir()
    assert search(project, "empty") == Discovered()


@pytest.mark.parametrize("name", ["nofile.py", "a.py/b.py", "nul\0.py", "x" * 5000])
def test_a_missing_path_is_named(project: Path, name: str) -> None:
    make(project, "a.py")
    with pytest.raises(MissingPathError, match=r"no file or folder|cannot read") as caught:
        search(project, "a.py", name)
    assert name in caught.value.message
    assert caught.value.exit_code is ExitCode.BAD_USE


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_refused_when_named_and_passed_over_when_met(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    make(project, "a.py")
    assert paths(project) == ["a.py"]
    with pytest.raises(MissingPathError, match="neither a file nor a folder"):
        search(project, "pipe.py")


def test_default_excludes(project: Path) -> None:
    for folder in (".venv", "node_modules", "build", "dist", "__pycache__", ".tox", ".nox"):
        make(project, f"{folder}/x.py", f"src/{folder}/x.py")
    make(project, "lib/site-packages/x.py", ".mypy_cache/x.py", "eggs/.eggs/x.py", "src/a.py")
    assert paths(project) == ["src/a.py"]


def test_a_virtual_environment_is_known_by_its_configuration(project: Path) -> None:
    make(project, "env-3.12/lib/x.py", "env-3.12/pyvenv.cfg", "a.py")
    assert paths(project) == ["a.py"]
    assert paths(project, "env-3.12") == ["env-3.12/lib/x.py"]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("vendor",), ["a.py", "src/a_pb2.py", "src/b.py"]),
        (("*_pb2.py",), ["a.py", "src/b.py", "src/vendor/c.py", "vendor/d.py"]),
        (("src/vendor",), ["a.py", "src/a_pb2.py", "src/b.py", "vendor/d.py"]),
        (("src/vendor/",), ["a.py", "src/a_pb2.py", "src/b.py", "vendor/d.py"]),
        (("./src/*",), ["a.py", "vendor/d.py"]),
        (("src/**/c.py",), ["a.py", "src/a_pb2.py", "src/b.py", "vendor/d.py"]),
        (("**/vendor",), ["a.py", "src/a_pb2.py", "src/b.py"]),
        (("/vendor/d.py",), ["a.py", "src/a_pb2.py", "src/b.py", "src/vendor/c.py"]),
        (("[ab].py", ""), ["src/a_pb2.py", "src/vendor/c.py", "vendor/d.py"]),
    ],
)
def test_exclude(project: Path, patterns: tuple[str, ...], left: list[str]) -> None:
    make(project, "a.py", "src/a_pb2.py", "src/b.py", "src/vendor/c.py", "vendor/d.py")
    assert paths(project, exclude=patterns) == left
    assert paths(project, extend_exclude=patterns) == left


def test_patterns_start_at_the_folder_of_the_settings(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, "src/gen/a.py", "src/b.py")
    monkeypatch.chdir(project / "src")
    assert paths(project, extend_exclude=("src/gen",)) == ["b.py"]


def test_a_named_file_beats_exclude_unless_forced(project: Path) -> None:
    make(project, "build/a.py", "b.py")
    assert paths(project, "build/a.py", "b.py") == ["b.py", "build/a.py"]
    assert paths(project, "build") == ["build/a.py"]
    assert paths(project, "build/a.py", "build", "b.py", force_exclude=True) == ["b.py"]


def test_forced_excludes_outside_the_project_look_at_the_name_only(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("build") / "a.py"
    other.write_text("")
    found = discover([other], Settings(force_exclude=True, exclude=("*build*",)), project)
    assert [file.real for file in found.files] == [other]
    assert discover([other], Settings(force_exclude=True, exclude=("a.py",)), project).files == ()


def test_gitignore_at_every_level(project: Path) -> None:
    make(project, "a.py", "gen/b.py", "src/c.py", "src/keep_gen.py", "src/x_gen.py", "src/gen/d.py")
    make(project, "docs/conf.py", "docs/sub/conf.py")
    (project / ".gitignore").write_text("# comment\n\n/gen/\n*_gen.py\ndocs/conf.py\n")
    (project / "src" / ".gitignore").write_text("!keep_gen.py\n")
    assert paths(project) == [
        "a.py", "docs/sub/conf.py", "src/c.py", "src/gen/d.py", "src/keep_gen.py",
    ]  # fmt: skip
    assert len(paths(project, respect_gitignore=False)) == 8


def test_gitignore_of_the_repository_holds_in_its_folders(project: Path) -> None:
    make(project, "src/a.py", "src/b_gen.py", "src/pkg/c_gen.py")
    (project / ".gitignore").write_text("*_gen.py\n")
    assert paths(project, "src") == ["src/a.py"]
    assert paths(project, "src/pkg", "src/pkg/c_gen.py") == ["src/pkg/c_gen.py"]
    assert paths(project, "src/pkg") == []


def test_an_ignored_folder_that_is_named_is_searched(project: Path) -> None:
    make(project, "gen/a.py", "gen/sub/b.py", "gen/sub/c.py")
    (project / ".gitignore").write_text("gen/\n")
    (project / "gen" / ".gitignore").write_text("c.py\n")
    assert paths(project) == []
    assert paths(project, "gen") == ["gen/a.py", "gen/sub/b.py"]
    assert paths(project, "gen/sub") == ["gen/sub/b.py", "gen/sub/c.py"]


def test_an_ignored_folder_cannot_be_opened_again_from_inside(project: Path) -> None:
    make(project, "gen/a.py")
    (project / ".gitignore").write_text("gen\n")
    (project / "gen" / ".gitignore").write_text("!a.py\n")
    assert paths(project) == []


def test_private_excludes_of_the_repository(project: Path) -> None:
    make(project, "mine.py", "a.py")
    (project / ".git" / "info").mkdir()
    (project / ".git" / "info" / "exclude").write_text("mine.py\n")
    assert paths(project) == ["a.py"]


def test_gitignore_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_text("b.py")
    assert paths(tmp_path) == ["a.py"]


def test_a_line_that_git_cannot_read_is_passed_over(project: Path) -> None:
    make(project, "a.py", "b.py", "c.py")
    (project / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\n!\n///\n[\n\xff\xfe\n  \nb.py\r\n")
    assert paths(project) == ["c.py"]


def test_pathspec_is_imported_only_for_an_ignore_file(project: Path) -> None:
    import subprocess

    make(project, "a.py")
    code = (
        "import sys; from pathlib import Path; from racecheck.settings import Settings\n"
        "from racecheck.source.discover import discover\n"
        "print(len(discover([Path('.')], Settings(), Path('.')).files), 'pathspec' in sys.modules)"
    )
    home = str(Path(__file__).parents[2])

    def run() -> str:
        result = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONPATH": home},
        )  # fmt: skip
        return result.stdout.strip()

    assert run() == "1 False"
    (project / ".gitignore").write_text("b.py")
    assert run() == "1 True"


def test_links_to_folders_are_not_followed(project: Path) -> None:
    make(project, "a/b.py")
    (project / "a" / "loop").symlink_to(project / "a", target_is_directory=True)
    (project / "self").symlink_to(project / "self")
    assert paths(project) == ["a/b.py"]


def test_a_named_link_to_a_folder_is_followed(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    make(other, "x.py")
    (project / "linked").symlink_to(other, target_is_directory=True)
    assert paths(project) == []
    assert paths(project, "linked") == ["linked/x.py"]
    make(project, "src/y.py")
    (project / "again").symlink_to(project / "src", target_is_directory=True)
    assert paths(project, "src", "again") == ["again/y.py"]


def test_a_link_to_a_file_counts_unless_its_target_was_found(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("other") / "shared.py"
    outside.write_text("")
    make(project, "z.py")
    (project / "a.py").symlink_to(project / "z.py")
    (project / "s.py").symlink_to(outside)
    (project / "broken.py").symlink_to(project / "nowhere.py")
    assert paths(project) == ["s.py", "z.py"]


@pytest.mark.parametrize("refused", ["bad", "bad/.gitignore"])
def test_what_cannot_be_read_is_a_problem_not_a_crash(
    project: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    make(project, "a.py", "bad/b.py")
    import builtins

    scandir, plain_open = os.scandir, builtins.open
    target = str(project / refused)

    def refuse(path: Any, *args: Any, original: Any) -> Any:
        if str(path) == target:
            raise PermissionError(13, "Permission denied", path)
        return original(path, *args)

    monkeypatch.setattr(os, "scandir", lambda path: refuse(path, original=scandir))
    monkeypatch.setattr(builtins, "open", lambda path, *a: refuse(path, *a, original=plain_open))
    found = search(project)
    (problem,) = found.problems
    assert (problem.path, problem.problem.kind) == (refused, "io")
    assert problem.problem.message == "cannot be read: Permission denied"
    assert found.files[0].path == "a.py"


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes")
def test_a_name_that_is_not_utf8_is_shown_printable(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    make(project, name)
    (file,) = search(project).files
    assert file.path == "caf\\xe9.py"
    assert file.real.read_text() == "x = 1\n"


def test_paths_outside_the_working_directory_are_absolute(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project, "a/x.py", "b/y.py")
    monkeypatch.chdir(project / "a")
    assert paths(project, "../b", ".") == [(project / "b" / "y.py").as_posix(), "x.py"]
    assert shown("/ab/x.py", "/a") == "/ab/x.py"
    assert shown("/a/x.py", "/") == "a/x.py"


def test_globs_cover_what_is_below_a_folder() -> None:
    globs = Globs(["tests/*", "vendor"])
    assert globs.covers("tests/a/b.py")
    assert globs.covers("x/vendor/y/z.py")
    assert not globs.covers("src/tests.py")
    assert not globs.matches("x/vendor/y.py")
