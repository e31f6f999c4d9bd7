"""What came of one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from racecheck.core.schedule import Schedule

ASSERTION: Final = "assertion"
EXCEPTION: Final = "exception"
THREAD: Final = "thread exception"
DEADLOCK: Final = "deadlock"
RACE: Final = "race"

VISIBLE: Final = (DEADLOCK, THREAD, EXCEPTION, ASSERTION)
"""Failures that anybody can see without us."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """One thread of a deadlock: `for_` says what it waits for, `by` who could end that."""

    path: str
    thread: str
    place: str
    kind: str
    target: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run fails. `mark`: what tells two failures apart, the same in every run that shows it.

    `error`: the exception, of a failure that is one. `blocked`: the threads of a deadlock.
    `findings`: what the race detector says, of a race; of a deadlock in a watched run, what a run
    reports of it.
    """

    kind: str
    text: str
    place: str = ""
    thread: str = ""
    error: BaseException | None = field(default=None, compare=False)
    blocked: tuple[Blocked, ...] = ()
    findings: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def mark(self) -> tuple[str, str, str]:
        """Two runs with the same mark fail in the same way."""
        if self.blocked:
            locks = sorted(f"{one.kind} {one.place}" for one in self.blocked if one.path != "0")
            return self.kind, ", ".join(dict.fromkeys(locks)), ""
        # Why without the key: it may be another one in every run (an `id()`, a random name).
        text = self.text.partition("[")[0] if self.kind == RACE else self.text
        what = type(self.error).__name__ if self.error is not None else text
        return self.kind, what, self.place


@dataclass(frozen=True, slots=True)
class Run:
    """One run under a schedule.

    `schedule`: its deviations from the default. `steps`: operations that others could see;
    `decisions`: those at which more than one agent could go on; `widest`: how many at most.
    `forced`: switches away from an agent that could have gone on. `pruned`: the strategy said that
    the rest shows nothing new. `limit`: which bound ended it, "" for none. `uncontrolled`: what was
    outside our control, a sentence each. `events`: what happened, if that was asked for.
    """

    schedule: Schedule
    failures: tuple[Failure, ...] = ()
    steps: int = 0
    decisions: int = 0
    widest: int = 1
    forced: int = 0
    threads: int = 1
    seconds: float = 0.0
    pruned: bool = False
    limit: str = ""
    skipped: BaseException | None = None
    uncontrolled: tuple[str, ...] = ()
    events: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def failed(self) -> bool:
        """Whether anything at all is wrong with it."""
        return bool(self.failures)

    def failure_like(self, mark: tuple[str, str, str]) -> Failure | None:
        """The failure with this mark, if it fails in this way."""
        return next((one for one in self.failures if one.mark == mark), None)

    @property
    def visible(self) -> Failure | None:
        """The failure that anybody could see, if there is one."""
        for kind in VISIBLE:
            for failure in self.failures:
                if failure.kind == kind:
                    return failure
        return None
