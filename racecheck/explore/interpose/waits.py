"""Whatever waits inside a modelled primitive, and what that means for the agent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from racecheck.explore.control.controller import Controller
from racecheck.explore.operations import Operation
from racecheck.explore.places import places
from racecheck.runtime.threads import local
from racecheck.runtime.waits import control

ALONE: Final = frozenset(
    {"lock", "semaphore", "event", "barrier", "future", "queue-get", "queue-put", "queue-join"}
)
"""Kinds of waits after which nothing but what was waited for is touched. A condition takes its lock
again, and whoever waits for something that has no name may touch anything."""


def install_waits(controller: Controller | None) -> None:
    """Let the controller decide what waits wait for; None: nobody does."""
    if controller is None:
        control.wait = None
        return
    begun = controller

    def wait(ready: Callable[[], bool], timeout: float | None) -> bool | None:
        agent = begun.me()
        if agent is None or agent.deciding:
            return None
        state: Any = local.__dict__.get("state")
        intent = state.waiting if state is not None else None
        kind = intent.kind if intent is not None else "inner"
        target = intent.target if intent is not None else None
        touched = ((id(target), True),) if kind in ALONE else None
        return begun.wait(ready, timeout, Operation(f"blocked-{kind}", places.here(), touched))

    control.wait = wait
