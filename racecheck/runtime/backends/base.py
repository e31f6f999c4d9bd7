"""What a backend is."""

from __future__ import annotations

from typing import Protocol

from racecheck.runtime.options import RuntimeOptions


class Scope(Protocol):
    """Which code is looked at."""

    def covers(self, path: str) -> bool:
        """Whether the source file at `path` is to be traced (cached; called for every new file)."""


class Backend(Protocol):
    """One way to deliver accesses. Sites come from `analysis`; they go to `deliver`.

    Starting and stopping happen on the main thread. A backend writes nothing to the streams; what
    it cannot see it says in `limits()`, one sentence each.
    """

    name: str

    def refusal(self) -> str | None:
        """Why it cannot be used here and now (what to do about it included), or None."""

    def start(self, scope: Scope, options: RuntimeOptions) -> None:
        """Begin to deliver accesses of all threads, present and future."""

    def stop(self) -> None:
        """Deliver nothing more and restore whatever was installed."""

    def limits(self) -> list[str]:
        """What went unseen in this run: modules imported already, a slot that was taken away."""
