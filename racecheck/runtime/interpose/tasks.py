"""asyncio's tasks: while a loop has several, there is something to watch on a single thread."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.threads import threads

Original = Callable[..., Any]


def install(patches: Patches) -> None:
    """Notice a second task on the loop that all loops written in Python derive from."""

    def loaded(module: ModuleType) -> None:
        patches.method(module.BaseEventLoop, "create_task", _create_task)
        patches.method(module.BaseEventLoop, "run_forever", _run_forever)

    patches.when_imported("asyncio.base_events", loaded)


def _create_task(original: Original) -> Original:
    def create_task(self: Any, coro: Any, **named: Any) -> Any:
        if self.is_running():
            # Why: the first task is made before its loop runs, this one beside it.
            threads.hold()
        return original(self, coro, **named)

    return create_task


def _run_forever(original: Original) -> Original:
    def run_forever(self: Any) -> None:
        before = threads.held
        try:
            original(self)
        finally:
            threads.let_go(before)

    return run_forever
