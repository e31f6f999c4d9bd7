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
    thread: ThreadState, acquire: Callable[..., bool], timeout: float, got: list[bool]
) -> None:
    """Acquire a raw lock; what came of it is appended to `got` inside one C call.

    Without a timeout it waits in slices, so that a thread that was given up can be ended.
    """
    if timeout >= 0:
        got.extend(map(acquire, (True,), (timeout,)))
        return
    while True:
        got.extend(map(acquire, (True,), (SLICE,)))
        if got[-1]:
            return
        if thread.abandoned:
            raise Abandoned(f"{thread.name} waited for ever; racecheck has reported it")
