"""concurrent.futures: submissions, results and callbacks; what is inside an executor is quiet."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Original, point, quiet
from racecheck.explore.interpose.in_order import InOrder
from racecheck.explore.interpose.queues import InnerQueue
from racecheck.explore.rewinding.pools import Pools
from racecheck.runtime.interpose.base import Patches


def install(patches: Patches, controller: Controller) -> None:
    """Make points of what is asked of futures, module by module as they are loaded."""

    pools = Pools(controller, InnerQueue)

    def base(module: ModuleType) -> None:
        future = module.Future
        for name in ("set_result", "set_exception", "cancel", "add_done_callback"):
            patches.method(future, name, point(controller, name.partition("_")[0]))
        for name in ("result", "exception", "done", "running", "cancelled"):
            patches.method(future, name, point(controller, "ask", write=False))

    def thread(module: ModuleType) -> None:
        patches.method(module.ThreadPoolExecutor, "submit", pools.used)
        patches.method(module.ThreadPoolExecutor, "submit", quiet(controller, "submit"))
        patches.method(module.ThreadPoolExecutor, "__init__", _in_order)

    patches.when_imported("concurrent.futures._base", base)
    patches.when_imported("concurrent.futures.thread", thread)


def _in_order(original: Original) -> Original:
    """Its threads are joined in the order in which they were started."""

    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        original(self, *arguments, **named)
        self._threads = InOrder(self._threads)

    return __init__
