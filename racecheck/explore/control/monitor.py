"""Looks from outside whether a run moves, and ends it if it takes too long.

What we do not control (a socket, a lock inside C code, another process) blocks a thread while it
holds the baton. The monitor sees that nothing moves and that the thread uses no processor, and lets
the others go on; the run then is no longer ours to repeat, which is said.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from racecheck.explore.control.agents import Agent
from racecheck.explore.control.controller import Controller
from racecheck.explore.places import places
from racecheck.runtime import pristine

LOOK: Final = 0.02
"""Real seconds between two looks."""

AWAY_LOOK: Final = 0.002
"""The same while nobody holds the baton."""

STILL: Final = 3
"""Looks without any movement after which the running thread counts as waiting."""

GRACE: Final = 1.0
"""Real seconds that a run is given to end, once it was told to."""

IDLE: Final = 0.0005
"""Seconds of processor time below which a thread has done nothing between two looks."""


class Monitor:
    """One thread of ours beside all runs of an exploration."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._stopped = False
        self._ticks = -1
        self._still = 0
        self._used = 0.0
        self._run_began = 0.0
        self._done = pristine.allocate_lock()
        controller.at_begin.append(self._begin)

    def start(self) -> None:
        """Begin to look."""
        self._stopped = False
        self._done.acquire()
        pristine.start_new_thread(self._watch, ())

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        if self._done.acquire(True, 1.0):
            self._done.release()

    def _begin(self) -> None:
        self._run_began = pristine.monotonic()

    def _watch(self) -> None:
        try:
            while not self._stopped:
                controller = self._controller
                idle = controller.active and controller.running is None
                pristine.sleep(AWAY_LOOK if idle else LOOK)
                if controller.active:
                    self._look(controller)
        finally:
            self._done.release()

    def _look(self, controller: Controller) -> None:
        age = pristine.monotonic() - self._run_began
        if age > controller.bounds.run_seconds and not controller.over:
            controller.stop(f"more than {controller.bounds.run_seconds:g} s of real time")
        elif age > controller.bounds.run_seconds + GRACE and controller.running is not None:
            controller.interrupt_running()
            self._run_began = pristine.monotonic()
        running = controller.running
        if running is None:
            controller.look_again()
            return
        used = _processor_time(running)
        moved = controller.ticks != self._ticks or used - self._used > IDLE
        self._ticks, self._used = controller.ticks, used
        self._still = 0 if moved else self._still + 1
        if self._still >= STILL:
            self._still = 0
            if not _is_runnable(running):
                place = places.within(sys._current_frames().get(running.ident))
                controller.rescue(place, STILL * LOOK)


def _processor_time(agent: Agent) -> float:
    """Seconds of processor time of its thread; 0.0 where the system does not tell."""
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(agent.ident))
    except (AttributeError, OSError):
        return 0.0


def _is_runnable(agent: Agent) -> bool:
    """Whether its thread waits for nothing but a processor, where the system tells."""
    # Why its own number: `threading` has forgotten a thread before it has run its last line.
    try:
        told = Path(f"/proc/self/task/{agent.native}/stat").read_bytes()
    except OSError:
        return False
    return told.rpartition(b")")[2].split()[:1] == [b"R"]
