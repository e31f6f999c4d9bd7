"""asyncio: the steps of tasks are chosen from; what a thread hands to a loop is a point."""

from __future__ import annotations

import sys
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from types import ModuleType
from typing import Any

from racecheck.explore.control.awaited import holders
from racecheck.explore.control.controller import Controller
from racecheck.explore.control.tasks import Tasks, is_ours, silence, tasks_of
from racecheck.explore.interpose.base import Make, Original, at
from racecheck.explore.interpose.in_order import InOrder
from racecheck.explore.places import places
from racecheck.runtime.interpose.base import Patches


def install(patches: Patches, controller: Controller) -> None:
    """Replace methods of the loop that all loops written in Python derive from."""
    runs = Runs(controller)

    def loaded(module: ModuleType) -> None:
        loop = module.BaseEventLoop
        patches.method(loop, "__init__", _init(runs))
        patches.method(loop, "call_exception_handler", _call_exception_handler(controller))
        patches.method(loop, "create_task", _create_task(runs))
        patches.method(loop, "run_forever", _run_forever(runs))
        patches.method(loop, "call_soon_threadsafe", _call_soon_threadsafe(controller))

    def tasks(module: ModuleType) -> None:
        patches.function(module, "run_coroutine_threadsafe", _run_coroutine_threadsafe(runs))
        patches.function(module, "all_tasks", _all_tasks(runs))
        patches.function(module, "as_completed", _as_completed(module, controller))

    def groups(module: ModuleType) -> None:
        patches.method(module.TaskGroup, "__init__", _group(controller))

    def locks(module: ModuleType) -> None:
        patches.method(module.Lock, "acquire", _acquire(runs))
        patches.method(module.Lock, "release", _release)

    patches.when_imported("asyncio.base_events", loaded)
    patches.when_imported("asyncio.locks", locks)
    patches.when_imported("asyncio.tasks", tasks)
    patches.when_imported("asyncio.taskgroups", groups)


class Runs:
    """Which run this is, since a loop may live longer than one, and the loops made in it."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.made: list[Any] = []
        self.sent: list[Any] = []
        self._run = 0
        controller.at_begin.append(self._begin)
        controller.at_end.append(self._close)

    def _begin(self) -> None:
        self._run += 1
        if holders:
            holders.clear()
        events = sys.modules.get("asyncio.events")
        if getattr(events, "_event_loop_policy", self) is None:
            # Why: or else the first run that needs it makes it, and takes a lock; others do not.
            events._init_event_loop_policy()  # type: ignore[union-attr]

    def _close(self) -> None:
        """Close what the run has left behind: each loop has three descriptors.

        A coroutine that never began would complain; it did not because the run was ended.
        """
        while self.made:
            loop = self.made.pop()
            if not loop.is_running() and not loop.is_closed():
                silence(loop)
                self.sent += self.tasks(loop).coroutines()
                loop.close()
        while self.sent:
            coroutine = self.sent.pop()
            if iscoroutine(coroutine) and getcoroutinestate(coroutine) == CORO_CREATED:
                coroutine.close()

    def tasks(self, loop: Any) -> Tasks:
        """The tasks of a loop in the present run."""
        return tasks_of(loop, self.controller, self._run)


def _init(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        def __init__(self: Any, *wanted: Any, **named: Any) -> None:  # noqa: N807
            original(self, *wanted, **named)
            if runs.controller.me() is not None:
                runs.made.append(self)

        return __init__

    return make


def _call_exception_handler(controller: Controller) -> Make:
    """Whoever has to leave in the middle of a callback has not failed."""

    def make(original: Original) -> Original:
        def call_exception_handler(self: Any, context: Any) -> None:
            if controller.me() is None or not controller.over:
                original(self, context)

        return call_exception_handler

    return make


def _create_task(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        def create_task(self: Any, coro: Any, **named: Any) -> Any:
            me = runs.controller.me()
            if me is None:
                return original(self, coro, **named)
            tasks = runs.tasks(self)
            parent = tasks.current(me)
            task = original(self, coro, **named)
            if hasattr(task, "get_coro"):
                tasks.agent(task, parent, places.here())
            return task

        return create_task

    return make


def _run_forever(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        def run_forever(self: Any) -> None:
            if runs.controller.me() is not None:
                runs.tasks(self)
            original(self)

        return run_forever

    return make


def _call_soon_threadsafe(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def call_soon_threadsafe(self: Any, *wanted: Any, **named: Any) -> Any:
            at(controller, "call", self)
            return original(self, *wanted, **named)

        return call_soon_threadsafe

    return make


def _run_coroutine_threadsafe(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        def run_coroutine_threadsafe(coro: Any, loop: Any) -> Any:
            if runs.controller.me() is not None:
                runs.sent.append(coro)
            return original(coro, loop)

        return run_coroutine_threadsafe

    return make


def _acquire(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        async def acquire(self: Any) -> Any:
            got = await original(self)
            me = runs.controller.me()
            loop = self._loop or sys.modules["asyncio"].get_running_loop()
            if me is not None and is_ours(loop):
                holders[self] = runs.tasks(loop).current(me)
            return got

        return acquire

    return make


def _release(original: Original) -> Original:
    def release(self: Any) -> None:
        holders.pop(self, None)
        original(self)

    return release


def _all_tasks(runs: Runs) -> Make:
    def make(original: Original) -> Original:
        def all_tasks(*wanted: Any, **named: Any) -> Any:
            found = original(*wanted, **named)
            if runs.controller.me() is None or not found:
                return found
            loop = next(iter(found)).get_loop()
            return InOrder(runs.tasks(loop).in_order(found)) if is_ours(loop) else found

        return all_tasks

    return make


def _as_completed(module: Any, controller: Controller) -> Make:
    """Coroutines become tasks in the order in which they are given."""

    def make(original: Original) -> Original:
        def as_completed(fs: Any, **named: Any) -> Any:
            given = list(fs) if isinstance(fs, (list, tuple)) else fs
            if controller.me() is not None and given is not fs:
                given = [module.ensure_future(one) for one in given]
            return original(given, **named)

        return as_completed

    return make


def _group(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def __init__(self: Any) -> None:  # noqa: N807
            original(self)
            if controller.me() is not None and not self._tasks:
                self._tasks = InOrder()

        return __init__

    return make
