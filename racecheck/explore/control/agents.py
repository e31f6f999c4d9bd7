"""A thread under control: what schedules call it, and how it is held and let go."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from racecheck.explore.operations import Operation
from racecheck.runtime import pristine

_NUMBERED: Final = re.compile(r"Thread-[0-9]+|ThreadPoolExecutor-[0-9]+|asyncio-waitpid-")

BEGIN: Final = Operation("begin", "", ())


class Agent:
    """One thread, or one task of a loop, of one run.

    `gate` is locked but for the moment in which the baton is handed over. `ready` is None for an
    agent that can go on, else whether what it waits for is there; `deadline`: virtual seconds at
    which it goes on all the same, `timeout` after it came there. `quiet` counts the library code it
    is inside of, which is not to be interrupted; `outside` counts what must wait for real.
    `deciding`: inside the controller. `away`: it waits for something that we do not control.
    `polling`: it looks whether something has come; `polled`: where it did so last, and how many
    steps others had made by then. `streak`: its steps while others could go on; `idle`: accesses
    since the last step, that were no steps. `task`: the task that its loop runs now. `blocked`:
    what waits in its stead, the tasks of its loop. `abroad(timed)`: whether what it waits for may
    come from outside of the process, even though somebody's time will be over if it does not
    (`timed`).
    """

    # Why in the class: a run makes several, and most of these stay as they are.
    pending = BEGIN
    ready: Callable[[], bool] | None = None
    deadline: float | None = None
    timeout: float | None = None
    children = 0
    tasks = 0
    quiet = 0
    outside = 0
    deciding = False
    away = False
    polling = False
    polled: tuple[str, int] | None = None
    steps = 0
    streak = 0
    idle = 0
    ended = False
    ident = 0
    native = 0
    thread: Any = None
    task: Agent | None = None
    abroad: Callable[[bool], bool] | None = None
    blocked: Callable[[], list[Any]] | None = None

    def __init__(self, path: str, name: str, *, daemon: bool = False) -> None:
        self.path = path
        self.name = name
        self.daemon = daemon
        self.gate = pristine.allocate_lock()
        self.gate.acquire()
        self.visits: dict[str, int] = {}

    @property
    def label(self) -> str:
        """Its name, the same in every run: numbers of threads go on from run to run."""
        return f"thread {self.path}" if _NUMBERED.match(self.name) else self.name

    def child_path(self) -> str:
        """What the next thread that it starts is called."""
        self.children += 1
        return f"{self.path}.{self.children}"

    def task_path(self) -> str:
        """What the next task that it makes is called."""
        self.tasks += 1
        return f"{self.path}/{self.tasks}"

    def visit(self) -> int:
        """How often it has stood at this operation before."""
        key = self.pending.key
        nth = self.visits.get(key, 0)
        self.steps += 1
        self.visits[key] = nth + 1
        return nth

    def __repr__(self) -> str:
        return f"<agent {self.path} {self.name} at {self.pending.key}>"
