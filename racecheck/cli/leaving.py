"""Ways to leave a process that run nothing of ours: `os._exit`, `os.abort`, `os.exec*`, `os.fork`.

Whoever takes one is asked to wait until the report is written. A forked child has none to write.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from racecheck.runtime import pristine

LEAVING: Final = ("_exit", "abort", "execv", "execve")
"""All other functions of `os` that replace the process go through the last two."""


class Leaving:
    """Calls `report` once, at the latest when the process is left; it returns the exit code.

    It is given that of the program, and whether the program came to its end.
    """

    def __init__(self, report: Callable[[int, bool], int]) -> None:
        self._report = report
        self._pid = os.getpid()
        self._mutex = pristine.allocate_lock()
        self._done = False
        self._originals: dict[str, Callable[..., Any]] = {}

    @property
    def is_child(self) -> bool:
        """Whether this is another process than the one that was watched."""
        return os.getpid() != self._pid

    def report(self, code: int, *, whole: bool = False) -> int:
        """The exit code to leave with; the report is written before, unless it was.

        `whole`: the program came to its end, so that what is there now was left behind.
        """
        if self.is_child or not self._mutex.acquire(False):
            return code
        # Why never released: whoever comes second has nothing to say.
        return self._report(code, whole)

    def install(self) -> None:
        """Watch the exits."""
        for name in LEAVING:
            original = getattr(os, name, None)
            if original is not None:
                self._originals[name] = original
                setattr(os, name, self._wrapped(name, original))

    def remove(self) -> None:
        """Put the originals back."""
        for name, original in self._originals.items():
            setattr(os, name, original)

    def _wrapped(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def leave(*arguments: Any, **named: Any) -> Any:
            if name == "_exit":
                code = arguments[0] if arguments else named.get("status", 0)
                if isinstance(code, int) and not self.is_child:
                    return original(self.report(0 if _hangs() else code) & 0xFF)
            elif name == "abort" or not _fails(*arguments[:1]):
                self.report(0)
            return original(*arguments, **named)

        return leave


def _hangs() -> bool:
    """Whether it is the watchdog that ends the process; the code is then for us to choose."""
    caller = pristine.getframe(2).f_globals.get("__name__")
    return caller == "racecheck.runtime.observers.watchdog"


def _fails(path: Any = "") -> bool:
    """Whether there is nothing to execute: the program goes on, and so do we."""
    try:
        return not os.access(path, os.X_OK)
    except TypeError:
        return True
