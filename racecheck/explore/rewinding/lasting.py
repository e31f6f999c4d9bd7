"""Libraries that start a thread once and keep it: for the next run they are to start it again.

Their code is not traced, so what their modules hold is none of the state that is put back before
each run. But a run takes its threads along when it ends, and a library that goes on to hand work to
one of them waits for ever. So the module that started such a thread is put back as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, Final

from racecheck.explore.control.agents import Agent
from racecheck.explore.rewinding.rewind import Rewinder
from racecheck.runtime.stacks import Stack, is_ours, is_standard
from racecheck.runtime.threads import threads

FEW: Final = 500
"""Objects that are noted of one module."""

_STARTERS: Final = frozenset({"threading", "_thread", "asyncio", "concurrent.futures"})
_OTHERS: Final = frozenset(
    {"_pytest", "anyio", "execnet", "hypothesis", "pluggy", "pytest", "racecheck", "xdist"}
)
"""What runs tests is never put back."""


class Lasting:
    """Modules that may start threads, as they are now; `rewind` puts back those that did."""

    def __init__(self, covers: Callable[[str], bool], others: Callable[[], object]) -> None:
        self._covers = covers
        self._noted = {path: Rewinder([one], (), others, FEW) for path, one in _starters(covers)}
        self._used: dict[str, None] = {}

    def left(self, agents: Iterable[Agent]) -> None:
        """These live at the end of a run, and are about to leave."""
        states = {state.ident: state for state in threads.alive.values()}
        for agent in agents:
            state = states.get(agent.ident)
            origin = state.origin if state is not None and agent.path != "0" else None
            path = _starter(origin.stack) if origin is not None else ""
            if path in self._noted:
                self._used[path] = None

    def rewind(self) -> None:
        """Back to what was noted."""
        for path in self._used:
            self._noted[path].rewind()


def _starter(stack: Stack) -> str:
    """The file that started a thread, if by way of the standard library."""
    for code, _ in stack:
        if not is_ours(code.co_filename) and not is_standard(code.co_filename):
            return code.co_filename
    return ""


def _starters(covers: Callable[[str], bool]) -> Iterator[tuple[str, ModuleType]]:
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not isinstance(module, ModuleType):
            continue
        if name.partition(".")[0] in _OTHERS or is_ours(path) or is_standard(path) or covers(path):
            continue
        if any(_may_start(value) for value in list(vars(module).values())):
            yield path, module


def _may_start(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return value.__name__ in _STARTERS
    return isinstance(value, type) and value.__module__.partition(".")[0] in {
        "threading",
        "asyncio",
        "concurrent",
    }
