"""The settings file of a project: racecheck.toml, or [tool.racecheck] in pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from racecheck.core.errors import SettingsError
from racecheck.settings.positions import Keys, line_of

OWN: Final = "racecheck.toml"
SHARED: Final = "pyproject.toml"
_ROOTS: Final = (".git", ".hg")


@dataclass(frozen=True, slots=True)
class Source:
    """What the project says. `table`: the keys as written; `prefix`: the path of that table."""

    root: Path
    path: Path | None = None
    table: Mapping[str, Any] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    text: str = ""
    requires: str = ""
    notes: tuple[str, ...] = ()

    def at(self, key: str, *inner: str | int) -> str:
        """`pyproject.toml:14`: the line of a key."""
        keys: Keys = (*self.prefix, key, *inner)
        name = _shown(self.path) if self.path else SHARED
        line = line_of(self.text, keys)
        return f"{name}:{line}" if line else name

    @property
    def section(self) -> str:
        """`[tool.racecheck]`, or "" in a file of our own."""
        return f"[{'.'.join(self.prefix)}]" if self.prefix else ""


def find(start: Path) -> Source:
    """The nearest settings file at or above `start`, but not above the repository."""
    folder = _folder(start)
    project: Path | None = None
    for here in (folder, *folder.parents):
        shared = _read(here / SHARED)
        if (own := _read(here / OWN)) is not None:
            return _own(here / OWN, own, shared)
        if shared is not None:
            source = _shared(here / SHARED, shared)
            if source.prefix:
                return source
            project = project or here
        if any((here / name).exists() for name in _ROOTS):
            return bare(project or here)
    return bare(project or folder)


def bare(start: Path) -> Source:
    """No settings, only the Python version that the project requires."""
    folder = _folder(start)
    text = _read(folder / SHARED)
    return Source(folder, requires=_requires(_parse_leniently(text or "")))


def read_named(path: Path, start: Path) -> Source:
    """A file named with --config. Its paths start at its folder."""
    text = _read(path)
    if text is None:
        raise SettingsError(
            f"settings file `{path}` in --config does not exist",
            "--config takes KEY=VALUE or a TOML file",
        )
    path = path.resolve()
    return _shared(path, text) if path.name == SHARED else _own(path, text, None)


def _own(path: Path, text: str, shared: str | None) -> Source:
    other = _parse_leniently(shared or "")
    notes: tuple[str, ...] = ()
    if isinstance(other.get("tool"), dict) and "racecheck" in other["tool"]:
        notes = (f"[tool.racecheck] in {SHARED} is not used: {OWN} stands beside it",)
    table = _parse(path, text)
    return Source(path.parent, path, table, (), text, _requires(other), notes)


def _shared(path: Path, text: str) -> Source:
    """A broken pyproject.toml is our business only if it speaks to us."""
    data = _parse(path, text) if "racecheck" in text else _parse_leniently(text)
    tool = data.get("tool")
    if not isinstance(tool, dict) or "racecheck" not in tool:
        return Source(path.parent, requires=_requires(data))
    prefix = ("tool", "racecheck")
    table = tool["racecheck"]
    if not isinstance(table, dict):
        line = line_of(text, prefix)
        raise SettingsError(
            f"`racecheck` in {_shown(path)}:{line} must be a table: [tool.racecheck]"
        )
    return Source(path.parent, path, table, prefix, text, _requires(data))


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        reason = str(error)[: where.start()].strip() if where else str(error)
        end = str(text.rstrip("\n").count("\n") + 1)
        line = (where[1] or end) if where else end
        raise SettingsError(
            f"{_shown(path)}:{line} is not valid TOML: {reason[:1].lower()}{reason[1:]}",
            "mend the file, or use --isolated to run without it",
        ) from error
    except RecursionError as error:
        raise SettingsError(f"{_shown(path)} is nested too deeply") from error


def _parse_leniently(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _read(path: Path) -> str | None:
    """The text, or None if there is no such file."""
    if not path.is_file():
        return None
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise SettingsError(f"{_shown(path)} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SettingsError(
            f"{_shown(path)}:{line} is not UTF-8", "TOML files are UTF-8; save it so"
        ) from error


def _folder(start: Path) -> Path:
    path = start.resolve()
    return path if path.is_dir() or not path.exists() else path.parent


def _shown(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def _requires(data: Mapping[str, Any]) -> str:
    project = data.get("project")
    value = project.get("requires-python") if isinstance(project, dict) else None
    return value if isinstance(value, str) else ""


def lower_bound(specifier: str) -> str:
    """The lowest minor version of `requires-python`, "" if it names none.

    >>> lower_bound(">=3.10,<4"), lower_bound("~=3.12.1"), lower_bound("<4")
    ('3.10', '3.12', '')
    """
    found = re.findall(r"(?:>=|~=|==|>)\s*(3\.\d+)", specifier)
    return min(found, key=lambda version: int(version.partition(".")[2]), default="")
