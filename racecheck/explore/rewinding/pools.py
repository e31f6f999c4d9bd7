"""Executors that outlive a run: each run has workers of its own, whoever made the executor.

The workers that a run has started leave when it ends, and workers from before it are not under
control. So an executor that is used has no workers at first, as a new one, and gets back what it
had when the run is over.
"""

from __future__ import annotations

from typing import Any, Final

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Original
from racecheck.explore.interpose.in_order import InOrder

_OWN: Final = ("_work_queue", "_threads", "_shutdown", "_broken")


class Pools:
    """The executors that the present run has used, with what they held before."""

    def __init__(self, controller: Controller, queue: type[Any]) -> None:
        self._controller = controller
        self._queue = queue
        self._held: dict[int, tuple[Any, dict[str, Any], int]] = {}
        controller.at_end.append(self._give_back)

    def use(self, pool: Any) -> None:
        """An agent is about to submit to it."""
        names = vars(pool)
        if id(pool) in self._held or names.get("_shutdown", True):
            return
        held = {name: names[name] for name in _OWN if name in names}
        idle = getattr(names.get("_idle_semaphore"), "_value", None)
        if len(held) < len(_OWN) or idle is None:
            return
        self._held[id(pool)] = pool, held, idle
        pool._idle_semaphore._value = 0
        pool._threads = InOrder(set())
        pool._work_queue = self._queue()

    def used(self, original: Original) -> Original:
        """Around `submit`."""

        def submit(pool: Any, /, *wanted: Any, **named: Any) -> Any:
            if self._controller.me() is not None:
                self.use(pool)
            return original(pool, *wanted, **named)

        return submit

    def _give_back(self) -> None:
        while self._held:
            _, (pool, held, idle) = self._held.popitem()
            vars(pool).update(held)
            pool._idle_semaphore._value = idle
