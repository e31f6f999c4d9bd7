"""Files that the prefilter left out, read after all when a call or a base class leads there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from racecheck.core.limits import FOLLOW_FILES, FOLLOW_LINES_SHARE
from racecheck.facts.schema import FileFacts
from racecheck.source.discover import SourceFile

if TYPE_CHECKING:
    from racecheck.source.driver import Seen, Session, Statistics

LINES_AT_LEAST: Final = 5_000
"""Lines that may be followed in a project however small; a share of little would be nothing."""

_SOURCE_ROOTS: Final = frozenset({"src", "lib", "python"})


class Follower:
    """The files that were skipped, by module name, and what is left of the budget.

    The budget counts what is followed, whether or not the cache knows it: a second run of the same
    files finds the same.
    """

    def __init__(
        self,
        session: Session,
        skipped: Sequence[Seen],
        files: Sequence[SourceFile],
        numbers: Statistics,
    ) -> None:
        self._session = session
        self._numbers = numbers
        self._skipped = {one.file.path: one for one in skipped}
        self._files = files
        self._index: dict[str, Seen | None] = {}
        self._taken: set[str] = set()
        wanted = numbers.lines - sum(one.lines for one in skipped)
        self._lines = max(LINES_AT_LEAST, int(wanted * FOLLOW_LINES_SHARE))
        self._count = FOLLOW_FILES

    def follow(self, names: Collection[str]) -> dict[str, FileFacts]:
        """Facts of the files that define `names`, the shortest first."""
        found = {one.file.path: one for name in names if (one := self._find(name))}
        wanted = [one for path, one in found.items() if path not in self._taken]
        chosen: list[Seen] = []
        for one in sorted(wanted, key=lambda seen: (seen.lines, seen.file.path)):
            if self._count < 1 or self._lines < one.lines:
                self._say_end(len(wanted) - len(chosen))
                break
            self._count -= 1
            self._lines -= one.lines
            chosen.append(one)
        self._taken.update(one.file.path for one in chosen)
        self._numbers.followed += len(chosen)
        with self._session:
            return self._session.facts(chosen, self._numbers)

    def _say_end(self, left: int) -> None:
        files = "1 file" if left == 1 else f"{left:,} files"
        self._numbers.notes.append(f"{files} that calls lead to were not read: budget used up")

    def _find(self, name: str) -> Seen | None:
        """The skipped file of the module, or of the module that the name is in."""
        index = self._modules()
        while name:
            if name in index:
                return index[name]
            name = name.rpartition(".")[0]
        return None

    def _modules(self) -> dict[str, Seen | None]:
        """All modules by name; None for those that were read."""
        if not self._index:
            packages = {f.real.parent for f in self._files if f.real.name == "__init__.py"}
            for file in self._files:
                for name in _names(file, packages):
                    self._index.setdefault(name, self._skipped.get(file.path))
        return self._index


def _names(file: SourceFile, packages: Collection[Path]) -> list[str]:
    """Names that a module can be imported by: from its package, and from where people stand."""
    stem = file.real.stem
    parts = [] if stem == "__init__" else [stem]
    folder = file.real.parent
    inside = list(parts)
    while folder in packages:
        inside.insert(0, folder.name)
        folder = folder.parent
    outer = [part for part in file.path.split("/")[:-1] if part not in ("", ".", "..")]
    plain = [part for part in outer if part not in _SOURCE_ROOTS]
    names = (inside, [*plain, *parts], [*outer, *parts])
    return [".".join(name) for name in names if name]
