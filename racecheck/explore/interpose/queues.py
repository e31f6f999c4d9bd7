"""The queues. Those inside executors are no points, but whoever waits there waits under control."""

from __future__ import annotations

import queue
from typing import Any

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Original, point
from racecheck.runtime import pristine
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.interpose.queues import SimpleQueue
from racecheck.runtime.locks import INTERNALS
from racecheck.runtime.waits import control

_Raw: Any = pristine.SimpleQueueType


def install(patches: Patches, controller: Controller) -> None:
    """Make points of what they do."""
    for owner in (queue.Queue, SimpleQueue):
        for name in ("put", "get"):
            patches.method(owner, name, point(controller, name))
        for name in ("qsize", "empty"):
            patches.method(owner, name, point(controller, "ask", write=False))
    patches.method(queue.Queue, "full", point(controller, "ask", write=False))
    patches.method(queue.Queue, "join", point(controller, "join", write=False))
    patches.method(queue.Queue, "task_done", point(controller, "done"))
    if hasattr(queue.Queue, "shutdown"):
        patches.method(queue.Queue, "shutdown", point(controller, "shutdown"))
    patches.method(SimpleQueue, "put_nowait", point(controller, "put"))
    patches.value(SimpleQueue, "__new__", _new(SimpleQueue.__new__))


class InnerQueue(_Raw):  # type: ignore[misc]
    """The queue of an executor: nobody but its own workers waits here."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """As `queue.SimpleQueue.get`."""
        while block and control.wait is not None:
            ready = control.wait(lambda: _Raw.qsize(self) > 0, timeout)
            if ready is None:
                break
            if not ready:
                raise queue.Empty
            try:
                return _Raw.get(self, False)
            except queue.Empty:
                continue
        return _Raw.get(self, block, timeout)


def _new(original: Original) -> Any:
    def __new__(cls: Any, *arguments: Any, **named: Any) -> Any:  # noqa: N807
        inside = pristine.getframe(1).f_globals.get("__name__") in INTERNALS
        if cls is SimpleQueue and inside and not (arguments or named):
            return InnerQueue()
        return original(cls, *arguments, **named)

    return staticmethod(__new__)
