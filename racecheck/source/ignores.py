"""What .gitignore files leave out, folder by folder; the nearest file that speaks decides."""

# ruff: noqa: PTH110, PTH120, PTH123
# Why: a walk over strings is several times faster than one over Path objects.
from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"
Failed = Callable[[str, OSError], None]


@dataclass(frozen=True, slots=True)
class Ignores:
    """The ignore files that hold in a folder, outermost first, each with its own folder."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignored(self, path: str, is_folder: bool) -> bool:
        """Whether git would leave the path out. Its parents are not asked again."""
        for folder, spec in reversed(self.specs):
            name = path[len(folder) :].lstrip("/") + ("/" if is_folder else "")
            verdict = spec.check_file(name).include
            if verdict is not None:
                return verdict
        return False

    def inside(self, folder: str, failed: Failed, name: str = NAME) -> Ignores:
        """These, and the ignore file of `folder` if it has one."""
        try:
            with open(f"{folder}/{name}", "rb") as stream:
                text = stream.read().decode("utf-8-sig", "replace")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return self
        except OSError as error:
            failed(f"{folder}/{name}", error)
            return self
        spec = _spec(text.splitlines())
        return self if spec is None else Ignores((*self.specs, (folder, spec)))


def _spec(lines: list[str]) -> GitIgnoreSpec | None:
    """None if no line says anything. A line that git cannot read either is passed over."""
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(filter(_readable, lines))


def _readable(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def above(folder: str, failed: Failed) -> Ignores:
    """The ignore files that hold for `folder`, from the root of its repository down to its parent.

    Nothing if one of them leaves `folder` out: whoever names an ignored folder wants it.
    """
    chain = []
    here = folder
    while not os.path.exists(f"{here}/.git"):
        parent = os.path.dirname(here)
        if parent == here:
            return Ignores()
        here = parent
        chain.append(here)
    ignores = Ignores().inside(here, failed, ".git/info/exclude")
    steps = [*reversed(chain), folder]
    for step, below in pairwise(steps):
        ignores = ignores.inside(step, failed)
        if ignores.ignored(below, True):
            return Ignores()
    return ignores
