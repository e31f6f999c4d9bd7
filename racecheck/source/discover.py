"""Which Python files are meant by the paths that somebody named."""

# ruff: noqa: PTH100, PTH120
# Why: a walk over strings is several times faster than one over Path objects.
from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from racecheck.core.errors import MissingPathError
from racecheck.facts.schema import Problem
from racecheck.settings.schema import Settings
from racecheck.source.globs import Globs
from racecheck.source.ignores import Ignores, above


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """A file: its path as shown (relative to the working directory, with `/`), and the real one."""

    path: str
    real: Path


@dataclass(frozen=True, slots=True, order=True)
class PathProblem:
    """A file or folder that could not be (wholly) read, by its shown path."""

    path: str
    problem: Problem = field(compare=False)


@dataclass(frozen=True, slots=True)
class Discovered:
    """Files in the order of their shown paths, each once."""

    files: tuple[SourceFile, ...] = ()
    problems: tuple[PathProblem, ...] = ()


def discover(paths: Sequence[Path], settings: Settings, root: Path) -> Discovered:
    """All files under `paths`. A path that does not exist is an error; nothing under it is not."""
    kinds = [_kind(path) for path in paths]
    walk = _Walk(settings, os.path.realpath(root))
    for path, kind in zip(paths, kinds, strict=True):
        absolute = os.path.abspath(path)
        if S_ISDIR(kind):
            walk.folder(absolute)
        else:
            walk.named(absolute)
    return walk.result()


def _kind(path: Path) -> int:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise MissingPathError(f"no file or folder `{path}`") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MissingPathError(f"cannot read `{path}`: {reason}") from error
    if S_ISDIR(mode) or S_ISREG(mode):
        return mode
    raise MissingPathError(f"`{path}` is neither a file nor a folder")


def shown(path: str, here: str) -> str:
    """The path as people see it: relative if it lies under `here`, with `/`, always printable."""
    inside = here.rstrip(os.sep) + os.sep
    name = path.removeprefix(inside).replace(os.sep, "/")
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class _Walk:
    """One search. Files are known by their real path, so that none is found twice."""

    def __init__(self, settings: Settings, root: str) -> None:
        self._excluded = Globs((*settings.exclude, *settings.extend_exclude))
        self._force = settings.force_exclude
        self._gitignore = settings.respect_gitignore
        self._root = root.rstrip("/") + "/"
        self._here = str(Path.cwd())
        self._files: dict[str, SourceFile] = {}
        self._links: dict[str, SourceFile] = {}
        self._problems: list[PathProblem] = []

    def result(self) -> Discovered:
        """What was found. A symbolic link counts only if its target was not found itself."""
        files = self._links | self._files
        return Discovered(tuple(sorted(files.values())), tuple(sorted(self._problems)))

    def named(self, path: str) -> None:
        """A file that somebody named: any suffix will do."""
        real = os.path.realpath(path)
        if self._force and self._excluded.covers(self._relative(real, os.path.dirname(real))):
            return
        self._add(self._files, path, real)

    def folder(self, top: str) -> None:
        """A folder that somebody named, with all that is in it."""
        real = os.path.realpath(top)
        if self._force and self._excluded.covers(self._relative(real, real)):
            return
        ignores = above(real, self._failed) if self._gitignore else Ignores()
        stack = [(real, ignores)]
        while stack:
            folder, ignores = stack.pop()
            if self._gitignore:
                ignores = ignores.inside(folder, self._failed)
            for entry in self._entries(folder, named=folder == real):
                if self._left_out(entry, real, ignores):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, ignores))
                else:
                    shown_path = top + entry.path[len(real) :]
                    if entry.is_symlink():
                        self._add(self._links, shown_path, os.path.realpath(entry.path))
                    else:
                        self._add(self._files, shown_path, entry.path)

    def _entries(self, folder: str, named: bool) -> list[os.DirEntry[str]]:
        """Folders and Python files; nothing in a virtual environment, whatever its name.

        Links to folders are not followed: they lead to loops, or to trees that are not the project.
        """
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self._failed(folder, error)
            return []
        if not named and any(entry.name == "pyvenv.cfg" for entry in entries):
            return []
        return [entry for entry in entries if _wanted(entry)]

    def _left_out(self, entry: os.DirEntry[str], top: str, ignores: Ignores) -> bool:
        if self._excluded.matches(self._relative(entry.path, top)):
            return True
        return bool(ignores.specs) and ignores.ignored(
            entry.path.replace(os.sep, "/"), entry.is_dir(follow_symlinks=False)
        )

    def _relative(self, path: str, top: str) -> str:
        """The path below the folder of the settings, or else below `top`."""
        path = path.replace(os.sep, "/")
        if path.startswith(self._root):
            return path[len(self._root) :]
        return path[len(top) :].lstrip("/")

    def _add(self, where: dict[str, SourceFile], path: str, real: str) -> None:
        file = SourceFile(shown(path, self._here), Path(real))
        where[real] = min(file, where.get(real, file))

    def _failed(self, path: str, error: OSError) -> None:
        problem = Problem("io", f"cannot be read: {error.strerror or error}")
        self._problems.append(PathProblem(shown(path, self._here), problem))


def _wanted(entry: os.DirEntry[str]) -> bool:
    try:
        if entry.is_dir(follow_symlinks=False):
            return True
        return entry.name.endswith(".py") and entry.is_file()
    except OSError:
        return False
