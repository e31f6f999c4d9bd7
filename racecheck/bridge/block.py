"""`with racecheck.watch() as session:`: a piece of a program that is watched."""

from __future__ import annotations

from types import TracebackType
from typing import Final

from racecheck.bridge import watching
from racecheck.core.errors import UsageError
from racecheck.core.finding import Finding
from racecheck.report.result import Result
from racecheck.runtime.session import Session, backends
from racecheck.settings import Loaded

PRESENT: Final = ("monitoring", "settrace")
"""Backends that see code which was imported before, as code around a `with` block is."""


class WatchSession:
    """What is found in a `with` block. It can be asked in the block and afterwards."""

    def __init__(self, loaded: Loaded, backend: str) -> None:
        self._loaded = loaded
        self._backend = backend
        self._judge = watching.Judge(loaded)
        self._session: Session | None = None
        self._result: Result | None = None

    def __enter__(self) -> WatchSession:
        if Session.active is not None:
            raise UsageError(
                "racecheck watches this process already",
                "one `with racecheck.watch()` at a time, and none under `racecheck run`",
            )
        self._session = watching.start(self._loaded, backend=self._backend)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        self._session.stop()
        self._result = self.result

    @property
    def result(self) -> Result:
        """Everything, as the reports take it."""
        if self._result is not None:
            return self._result
        if self._session is None:
            return Result()
        return watching.result(self._session, self._loaded, judge=self._judge)

    @property
    def findings(self) -> list[Finding]:
        """What was found and nobody silences."""
        return list(self.result.findings)

    @property
    def limits(self) -> list[str]:
        """What could not be watched, one sentence each; a fault of racecheck is one as well."""
        found = self.result
        return [*found.statistics.notes, *(problem.message for problem in found.errors)]


def usable() -> str:
    """The first backend that sees what was imported before; "auto" if there is none."""
    reasons = dict(backends())
    return next((name for name in PRESENT if not reasons[name]), "auto")
