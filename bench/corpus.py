"""The public packages that the benchmarks read: which, where, and which of their files count."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

_TESTS = {"test", "tests", "testing", "test_suite", "unittests", "t"}
_DOCS = {"doc", "docs", "example", "examples", "samples", "demo", "demos", "benchmarks"}
SIDE_FOLDERS = frozenset(_TESTS | _DOCS | {"build", "dist"})
SIDE_FILES = ("test_*.py", "*_test.py", "tests.py", "conftest.py", "setup.py", "*_pb2*.py")
PYTHONS = ("3.14", "3.12")
"""Offered to the index one after the other, so that our own version hides no distribution."""


@dataclass(frozen=True, slots=True)
class Package:
    """One source distribution. `only` keeps one folder of it; `skip` is vendored or generated."""

    name: str
    version: str
    only: str = ""
    skip: tuple[str, ...] = ()

    def folder(self, root: Path) -> Path:
        """Where the package is unpacked under `root`."""
        return root / f"{self.name}-{self.version}"

    def own(self, path: str) -> bool:
        """Is this file the package's own production code? `path` is relative to its folder."""
        parts = PurePosixPath(path).parts
        if any(part.lower() in SIDE_FOLDERS for part in parts[:-1]):
            return False
        if any(fnmatch(parts[-1], pattern) for pattern in SIDE_FILES):
            return False
        return not any(fnmatch(path, pattern) for pattern in self.skip)


def packages(kind: str = "package") -> list[Package]:
    """The pinned packages: `package` (the twelve), `reserve` (held out), `mix` (speed figures)."""
    with (Path(__file__).parent / "corpus.toml").open("rb") as stream:
        rows = tomllib.load(stream)[kind]
    return [
        Package(row["name"], row["version"], row.get("only", ""), tuple(row.get("skip", ())))
        for row in rows
    ]


def fetch(root: Path, wanted: list[Package]) -> list[Path]:
    """Unpack every wanted package that is not there yet; return their folders in order."""
    missing = [package for package in wanted if not package.folder(root).is_dir()]
    if missing:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="racecheck-bench-") as name:
            downloader = environment(Path(name) / "venv", ["unearth"]) / "unearth"
            for package in missing:
                _unpack(package, root, downloader, Path(name) / package.name)
    return [package.folder(root) for package in wanted]


def environment(folder: Path, requirements: list[str]) -> Path:
    """A virtual environment with `requirements`; returns its folder of commands."""
    commands = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not commands.is_dir():
        venv.create(folder, with_pip=True)
        pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", *requirements]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return commands


def _unpack(package: Package, root: Path, downloader: Path, inbox: Path) -> None:
    print(f"fetching {package.name} {package.version}", file=sys.stderr)
    spec = f"{package.name}=={package.version}"
    options = ["--no-binary", "--download", str(inbox)]
    for python in PYTHONS:
        command = [str(downloader), *options, "--python-version", python, spec]
        done = subprocess.run(command, check=python == PYTHONS[-1], capture_output=True)
        if done.returncode == 0:
            break
    (archive,) = inbox.iterdir()
    with tarfile.open(archive) as tar:
        tar.extractall(inbox / "out", filter="data")
    (top,) = (inbox / "out").iterdir()
    if not package.only:
        shutil.move(top, package.folder(root))
        return
    package.folder(root).mkdir()
    shutil.move(top / package.only, package.folder(root) / package.only)


def python_files(folder: Path) -> Iterator[Path]:
    """All Python files under `folder`, sorted."""
    return iter(sorted(path for path in folder.rglob("*.py") if path.is_file()))


def lines_of(files: list[Path]) -> int:
    """Newlines in `files` together."""
    return sum(path.read_bytes().count(b"\n") for path in files)
