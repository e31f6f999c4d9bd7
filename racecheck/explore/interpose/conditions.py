"""Event, Semaphore and Barrier. Conditions need no points: their lock is one."""

from __future__ import annotations

import threading

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import noted, point, quiet
from racecheck.runtime.interpose.base import Patches


def install(patches: Patches, controller: Controller) -> None:
    """Make points of what they do."""
    patches.method(threading.Condition, "notify", noted(controller, "notify"))
    event = threading.Event
    for name in ("set", "clear"):
        patches.method(event, name, point(controller, name))
    patches.method(event, "is_set", point(controller, "ask", write=False))
    patches.method(event, "wait", point(controller, "wait", write=False))
    semaphore = threading.Semaphore
    patches.method(semaphore, "acquire", point(controller, "acquire"))
    patches.value(semaphore, "__enter__", semaphore.acquire)
    patches.method(semaphore, "release", point(controller, "release"))
    patches.method(threading.BoundedSemaphore, "release", point(controller, "release"))
    patches.method(threading.Barrier, "wait", point(controller, "wait"))
    patches.method(threading.Barrier, "_release", quiet(controller))
