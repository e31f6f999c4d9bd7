"""Where observers listen. One slot for each thing that can happen; unused ones do nothing.

This is the whole protocol between what is interposed and who observes it: an observer assigns
methods of its own with `listen`, and `clear` takes all of them away. What a hook is told is said
beside it. A hook must not raise, not block and not take an instrumented lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from racecheck.core.finding import Finding
    from racecheck.runtime.chains import Held, Link
    from racecheck.runtime.threads import ThreadState
    from racecheck.runtime.waits import Wait

Told: TypeAlias = Callable[..., None]

NAMES: Final = (
    "dependency",
    "taken",
    "awaits",
    "gave",
    "blocked",
    "unblocked",
    "got",
    "foreign_release",
    "started",
    "ended",
    "died",
    "notified",
    "waiting",
    "made",
    "urgent",
)


def _nobody(*_: object, **__: object) -> None:
    pass


class Hooks:
    """The slots."""

    __slots__ = (*NAMES, "failures")

    dependency: Callable[[ThreadState, Link], None]
    """A thread took `link.lock` while it held those above it, a chain not met in this epoch."""
    taken: Callable[[ThreadState, Link], None]
    """The same for a lock with nothing above it."""
    awaits: Callable[[ThreadState, str, Any], None]
    """(thread, kind, target): it waits without timeout, whether or not it has to, holding locks.

    kind: join (target: the state of the other thread), future, event, queue-get.
    """
    gave: Callable[[ThreadState, str, Any], None]
    """(thread, kind, target): it set the event, put an item, set the result of a future."""
    blocked: Callable[[ThreadState, Wait], None]
    """A thread is about to block: told before it does, only when it could not go on at once."""
    unblocked: Callable[[ThreadState, Wait], None]
    """It goes on, whatever came of it (an exception included)."""
    got: Callable[[ThreadState, Held], None]
    """A lock was got after blocking for it: a moment to look at contention."""
    foreign_release: Callable[[ThreadState, Held, ThreadState], None]
    """A thread released a lock that another one (the last argument) holds."""
    started: Callable[[ThreadState], None]
    """A thread is about to run user code (called on that thread)."""
    ended: Callable[[ThreadState], None]
    """A thread has run its last line of user code (called on that thread, chain still known)."""
    died: Callable[[ThreadState, BaseException], None]
    """A thread ends with an exception that nobody handled."""
    notified: Callable[[ThreadState, Any, int], None]
    """(thread, condition, how many waiters were there): notify or notify_all was called."""
    waiting: Callable[[ThreadState, Any, str], None]
    """(thread, condition, "wait" | "wait_for"): a wait begins, the lock of it still held."""
    made: Callable[[str, Any], None]
    """(kind, object): an executor or a timer was made; kind is its class's name."""
    urgent: Callable[[Finding], None]
    """A finding that cannot wait for the end, since the end may never come: a hang."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.clear()

    def listen(self, **methods: Told) -> None:
        """Add listeners; several to one slot are told in the order they came."""
        for name, method in methods.items():
            guarded, before = self._guarded(name, method), getattr(self, name)
            setattr(self, name, guarded if before is _nobody else _both(before, guarded))

    def clear(self) -> None:
        """Nobody listens any more."""
        for name in NAMES:
            setattr(self, name, _nobody)

    def _guarded(self, name: str, method: Told) -> Told:
        """A fault of an observer is kept for the report and never reaches the user's code."""

        def told(*arguments: Any) -> None:
            try:
                method(*arguments)
            except Exception as error:
                if len(self.failures) < 20:
                    self.failures.append(f"{name}: {type(error).__name__}: {error}")

        return told


def _both(first: Told, second: Told) -> Told:
    def told(*arguments: Any) -> None:
        first(*arguments)
        second(*arguments)

    return told


hooks: Final = Hooks()
