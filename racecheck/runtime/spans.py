"""Tasks of one event loop: something that ought to be atomic, with an `await` in the middle.

Tasks take turns only where they await, so two of them never race as threads do, and no clock is
needed: what goes wrong is an `await` between a read and the write that relies on it, while another
task writes. That is looked for as it happens, so every report is one that was observed; what other
orders of the same tasks would do is a question for exploration.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from racecheck.runtime.sites import Role

if TYPE_CHECKING:
    from racecheck.runtime.shadow import Touch


class _Begun(NamedTuple):
    """A task has read, and will write. `writes`: how often anybody had written before."""

    task: weakref.ref[Any]
    touch: Touch
    writes: int


class Spans:
    """What the tasks of a loop are in the middle of, for one field."""

    __slots__ = ("_begun", "_last", "_writer", "_writes")

    def __init__(self) -> None:
        self._begun: dict[int, _Begun] = {}
        self._writes = 0
        self._writer: weakref.ref[Any] | None = None
        self._last: Touch | None = None

    def met(self, task: Any, touch: Touch) -> tuple[Touch, Touch] | None:
        """One access by `task`: (its read, the write of another in between), if there was one."""
        if not touch.write:
            if touch.role in (Role.CHECK, Role.UPDATE) and touch.access.spans:
                begun = _Begun(weakref.ref(task), touch, self._writes)
                self._begun[id(task)] = begun
            return None
        found = self._overtaken(task, touch)
        self._writes += 1
        self._writer, self._last = weakref.ref(task), touch
        return found

    def _overtaken(self, task: Any, touch: Touch) -> tuple[Touch, Touch] | None:
        begun = self._begun.pop(id(task), None)
        if begun is None or begun.task() is not task or not touch.access.spans:
            return None
        other = self._last
        if other is None or begun.writes == self._writes or self._writer is None:
            return None
        return None if self._writer() is task else (begun.touch, other)


def running_task() -> Any:
    """The task that runs on this thread, None outside of an event loop."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return None
    return asyncio.current_task()
