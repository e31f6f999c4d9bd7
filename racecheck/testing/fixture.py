"""The `racecheck` fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

import pytest

from racecheck.core.finding import Finding

CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "races": ("RC101", "RC115", "RC214"),
    "lock-order": ("RC309", "RC310"),
    "hangs": ("RC308", "RC440"),
    "signals": ("RC337",),
    "leaks": ("RC304", "RC306", "RC409", "RC427", "RC802"),
    "exceptions": ("RC426",),
    "memory": ("RC442",),
}
"""What each thing that can be watched may report."""


def _nothing() -> list[Finding]:
    return []


class Fixture:
    """Findings of the running test, and what this test wants to hear nothing about."""

    KEY: Final = pytest.StashKey["Fixture"]()

    def __init__(self) -> None:
        self.look: Callable[[], list[Finding]] = _nothing
        self._ignored: list[tuple[str, str, str]] = []
        self._only: tuple[str, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """What was found in this test so far, without what it ignores."""
        return [finding for finding in map(self.judged, self.look()) if not finding.suppressed]

    def ignore(self, code: str, subject: str = "*", *, reason: str = "") -> None:
        """Do not fail this test for a code, a prefix or ALL, on a subject such as `Ledger.*`."""
        self._ignored.append((code.upper(), subject, reason))

    def only(self, watch: Iterable[str]) -> None:
        """Hear of nothing else in this test than races, lock-order, hangs ..."""
        self._only = tuple(code for word in watch for code in CODES.get(word.strip(), ()))

    def judged(self, finding: Finding) -> Finding:
        """The finding, suppressed if this test ignores it."""
        if self._only and finding.code not in self._only:
            return replace(finding, suppressed="not watched in this test")
        for code, subject, reason in self._ignored:
            meant = code in ("ALL", "*") or finding.code.startswith(code)
            if meant and fnmatchcase(finding.subject, subject):
                return replace(finding, suppressed=f"by the test: {reason or 'no reason given'}")
        return finding
