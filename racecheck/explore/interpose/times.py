"""Sleeping, and the clocks of the program."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Make, Original
from racecheck.explore.operations import Operation
from racecheck.explore.places import places
from racecheck.runtime.interpose.base import Patches

SECONDS: Final = ("monotonic", "time", "perf_counter")


def install(patches: Patches, controller: Controller) -> None:
    """Replace them under every name."""
    patches.function(time, "sleep", _sleep(controller))
    for name in SECONDS:
        patches.function(time, name, _clock(controller, 1))
        patches.function(time, f"{name}_ns", _clock(controller, 1_000_000_000))
    patches.value(threading, "_time", time.monotonic)


def _sleep(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def sleep(seconds: Any, /) -> None:
            if controller.me() is None or not isinstance(seconds, (int, float)) or seconds < 0:
                original(seconds)
                return
            controller.wait(_never, seconds, Operation("sleep", places.here(), ()))

        return sleep

    return make


def _never() -> bool:
    return False


def _clock(controller: Controller, unit: int) -> Make:
    """A clock that begins each run at the time at which the exploration began."""

    def make(original: Original) -> Original:
        base = original()

        def clock() -> Any:
            if controller.me() is None:
                return original()
            return base + type(base)(controller.clock.ask(controller.steps) * unit)

        return clock

    return make
