"""Known findings: out of a result, and into the file that remembers them (`source.baseline`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from racecheck.core.errors import SettingsError
from racecheck.report.result import Result, plural
from racecheck.source import baseline
from racecheck.source.baseline import Baseline, Entry


class Known:
    """The baseline in `file`, as a run over `paths` sees it.

    Who lints one folder knows nothing about the others: their entries are neither gone nor new.
    Paths in the file start at its folder.
    """

    def __init__(self, file: Path, paths: Sequence[str]) -> None:
        self.file = Path(os.path.abspath(file))  # noqa: PTH100 - links stay as they are
        self._paths = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100
        self._entries = Baseline()

    def read(self, *, anew: bool = False) -> None:
        """Read the file; `anew`: it may be missing or broken, for it is about to be made."""
        try:
            self._entries = baseline.load(self.file)
        except SettingsError:
            if not anew:
                raise

    def without(self, result: Result) -> Result:
        """The result with the known findings among the suppressed ones."""
        result = _marked(result, self._entries)
        here, _ = self._parted()
        gone = baseline.stale(here, (*result.findings, *result.suppressed))
        if not gone:
            return result
        numbers = result.statistics
        said = f"{plural(gone, 'known finding')} no longer found: see --prune-baseline"
        return replace(result, statistics=replace(numbers, notes=(*numbers.notes, said)))

    def update(self, result: Result) -> Result:
        """Remember all that was found, and nothing else about the paths; the result without it."""
        _, elsewhere = self._parted()
        found = self._rooted(baseline.make((*result.findings, *result.suppressed)))
        # Why: a finding may stand elsewhere when only its other side is in the paths.
        anew = {(entry.fingerprint, entry.path) for entry in found.findings}
        kept = [e for e in elsewhere.findings if (e.fingerprint, e.path) not in anew]
        return self._written(result, found, Baseline(findings=tuple(kept)))

    def prune(self, result: Result) -> Result:
        """Forget what is no longer found; the result without the rest."""
        here, elsewhere = self._parted()
        left = baseline.prune(here, (*result.findings, *result.suppressed))
        return self._written(result, left, elsewhere)

    def _written(self, result: Result, here: Baseline, elsewhere: Baseline) -> Result:
        entries = sorted((*here.findings, *elsewhere.findings), key=lambda entry: entry.path)
        known = Baseline(findings=tuple(entries))
        baseline.write(self.file, known)
        return _marked(result, known)

    def _parted(self) -> tuple[Baseline, Baseline]:
        """(entries of files that this run looks at or that are gone, all others)."""
        here: list[Entry] = []
        elsewhere: list[Entry] = []
        for entry in self._entries.findings:
            (here if self._concerns(entry.path) else elsewhere).append(entry)
        return Baseline(findings=tuple(here)), Baseline(findings=tuple(elsewhere))

    def _concerns(self, path: str) -> bool:
        whole = Path(os.path.normpath(self.file.parent / path))
        return not whole.exists() or any(whole.is_relative_to(one) for one in self._paths)

    def _rooted(self, known: Baseline) -> Baseline:
        entries = [msgspec.structs.replace(e, path=self._relative(e.path)) for e in known.findings]
        return Baseline(findings=tuple(entries))

    def _relative(self, path: str) -> str:
        try:
            return Path(os.path.relpath(path, self.file.parent)).as_posix()
        except ValueError:
            # Why: two drives of Windows.
            return path


def _marked(result: Result, known: Baseline) -> Result:
    judged = baseline.apply(result.findings, known)
    hidden = [*result.suppressed, *(finding for finding in judged if finding.suppressed)]
    return replace(
        result,
        findings=tuple(finding for finding in judged if not finding.suppressed),
        suppressed=tuple(sorted(hidden, key=lambda finding: finding.order)),
    )
