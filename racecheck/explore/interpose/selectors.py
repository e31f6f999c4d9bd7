"""Selectors: whoever waits by one stands aside until a look, without waiting, finds something.

A loop of asyncio waits here, too. A selector that watches sockets or pipes may be waited for what
comes from outside of the process; one with nothing but a loop's own pipe wakes up by its agents.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable
from typing import Any, Final

from racecheck.explore.control.abroad import may_come
from racecheck.explore.control.agents import Agent
from racecheck.explore.control.controller import Controller
from racecheck.explore.control.tasks import Ready, Tasks, loop_of
from racecheck.explore.interpose.base import Make, Original
from racecheck.explore.operations import Operation
from racecheck.explore.places import places
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.waits import Abandoned

KINDS: Final = (
    "SelectSelector",
    "PollSelector",
    "EpollSelector",
    "DevpollSelector",
    "KqueueSelector",
)


def install(patches: Patches, controller: Controller) -> None:
    """Replace `select` of those that this system has."""
    for name in KINDS:
        kind = getattr(selectors, name, None)
        if kind is not None:
            patches.method(kind, "select", _select(controller))


def _select(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def select(self: Any, timeout: Any = None) -> Any:
            me = controller.me()
            if me is None or me.deciding:
                return original(self, timeout)
            loop = loop_of(self)
            at_once = timeout is not None and timeout <= 0
            if loop is None:
                # Why not for loops: they come to a stand before each handle that they run.
                controller.point("select", places.here(), None, polls=at_once)
            found = original(self, 0)
            if found or at_once:
                return found
            _stand_by(controller, me, original, self, timeout, loop)
            return original(self, 0)

        return select

    return make


def _stand_by(
    controller: Controller, me: Agent, original: Original, selector: Any, timeout: Any, loop: Any
) -> None:
    """Until something is there, or the time is over."""
    tasks = _tasks(loop)

    def abroad(timed: bool) -> bool:
        return may_come(_watched(selector, loop), timed=timed)

    me.blocked = tasks.blocked if tasks is not None else None
    try:
        operation = Operation("select", places.here(3), None)
        controller.wait(_asking(original, selector), timeout, operation, abroad)
    except Abandoned:
        if tasks is not None:
            tasks.give_up(me, at_once=True)
        raise
    finally:
        me.blocked = None


def _asking(original: Original, selector: Any) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            return bool(original(selector, 0))
        except (OSError, ValueError, KeyError, RuntimeError):
            # Why: it was closed or changed meanwhile; whoever waits is to see for itself.
            return True

    return ready


def _tasks(loop: Any) -> Tasks | None:
    ready = getattr(loop, "_ready", None)
    return ready.tasks if isinstance(ready, Ready) else None


def _watched(selector: Any, loop: Any) -> list[int]:
    """Descriptors, but for the pipe by which a loop wakes itself up."""
    pipe = getattr(loop, "_ssock", None)
    own = pipe.fileno() if pipe is not None else -1
    files = selector.get_map() or {}
    return [key.fd for key in list(files.values()) if key.fd != own]
