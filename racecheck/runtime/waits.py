"""What a blocked thread waits for: the edges of the wait-for graph, and how such a wait ends."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.undisturbed import undisturbed

if TYPE_CHECKING:
    from racecheck.runtime.threads import ThreadState

SLICE: Final = 0.5
"""Seconds after which a wait without timeout looks whether its thread has been given up."""


class Control:
    """Who decides what a wait waits for, if anybody does: `explore` runs one thread at a time.

    `wait(ready, timeout)` lets others run until `ready()`, or until the (virtual) time is over, and
    says which: True or False. None: the calling thread is not controlled, so it is to wait itself.
    A `ready` that was right may be wrong again once the thread runs: whoever waits tries again.
    """

    wait: Callable[[Callable[[], bool], float | None], bool | None] | None = None


control: Final = Control()


class Abandoned(BaseException):
    """Raised in a thread that hangs for ever, once that is reported, so that the process can end.

    A BaseException, so that `except Exception` in the program does not take it for its own.
    """


class Wait:
    """One thread that cannot go on; as a context manager, for as long as it lasts.

    `kind`: lock, condition, event, semaphore, barrier, queue-get, queue-put, queue-join, join,
    future. `target` is the object waited for. `timed`: the wait ends by itself. `since`: monotonic
    seconds.
    """

    __slots__ = ("kind", "outer", "since", "stack", "target", "thread", "timed")

    def __init__(
        self, thread: ThreadState, kind: str, target: Any, stack: Stack, timed: bool
    ) -> None:
        self.thread = thread
        self.kind = kind
        self.target = target
        self.stack = stack
        self.timed = timed
        self.since = pristine.monotonic()
        self.outer: Any = None

    @classmethod
    def of(
        cls, thread: ThreadState, kind: str, target: Any, timeout: float | None, frame: FrameType
    ) -> Wait:
        """A wait that begins now; `timeout` None or negative: without end."""
        timed = timeout is not None and timeout >= 0
        return cls(thread, kind, target, capture(frame), timed)

    def __enter__(self) -> Wait:
        # Why outer: a queue waits on a condition; the outer one is what the user wrote.
        self.outer, self.thread.waiting = self.thread.waiting, self
        if self.outer is not None:
            self.thread.waiting = self.outer
            return self
        try:
            hooks.blocked(self.thread, self)
        except BaseException:  # a signal handler that raises
            self.__exit__()
            raise
        return self

    @undisturbed
    def __exit__(self, *_: object) -> None:
        if self.outer is None:
            self.thread.waiting = None
            hooks.unblocked(self.thread, self)


def wait_until(
    thread: ThreadState,
    acquire: Callable[..., bool],
    timeout: float,
    got: list[bool],
    free: Callable[[], bool] | None = None,
) -> None:
    """Acquire a raw lock; what came of it is appended to `got` inside one C call.

    Without a timeout it waits in slices, so that a thread that was given up can be ended. `free`:
    whether the lock could be had, where the lock cannot say so itself (one that is re-entrant).
    """
    if control.wait is not None and _controlled(acquire, timeout, got, free):
        return
    if timeout >= 0:
        got.extend(map(acquire, (True,), (timeout,)))
        return
    while True:
        got.extend(map(acquire, (True,), (SLICE,)))
        if got[-1]:
            return
        if thread.abandoned:
            raise Abandoned(f"{thread.name} waited for ever; racecheck has reported it")


def _controlled(
    acquire: Callable[..., bool],
    timeout: float,
    got: list[bool],
    free: Callable[[], bool] | None,
) -> bool:
    """The same under control; False if this thread is not."""
    ready = free or _unlocked(getattr(acquire, "__self__", None))
    if ready is None:
        return False
    while (wait := control.wait) is not None:
        is_ready = wait(ready, timeout if timeout >= 0 else None)
        if is_ready is None:
            return False
        got.extend(map(acquire, (False,)))
        if got[-1] or not is_ready:
            return True
    return False


def _unlocked(lock: Any) -> Callable[[], bool] | None:
    """A question that most locks can answer."""
    locked = getattr(lock, "locked", None)
    return None if locked is None else lambda: not locked()
