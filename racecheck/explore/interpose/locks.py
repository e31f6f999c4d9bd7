"""Lock and RLock. A release is a point only for locks that somebody tries without waiting."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Any, Final

from racecheck.explore.control.controller import Controller
from racecheck.explore.interpose.base import Make, Original, at
from racecheck.runtime import pristine
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.locks import Lock, QuietLock
from racecheck.runtime.reentrant import RLock
from racecheck.runtime.stacks import Stack, is_ours

OWN: Final = ("logging", "asyncio")
"""Packages that take locks of their own: some only the first time, and none to order others."""

OURS: Final = "racecheck."


def install(patches: Patches, controller: Controller) -> None:
    """Make points of acquisitions."""
    tried = controller.tried
    for kind in (Lock, QuietLock, RLock):
        patches.method(kind, "__enter__", _enter(controller))
        patches.method(kind, "acquire", _acquire(controller, tried))
        patches.method(kind, "__exit__", _exit(controller, tried))
        patches.method(kind, "locked", _locked(controller, tried))


def _enter(controller: Controller) -> Make:
    def make(original: Original) -> Original:
        def __enter__(self: Any) -> Any:  # noqa: N807
            if not _for_library():
                at(controller, "acquire", self)
            return original(self)

        return __enter__

    return make


_known: Final[dict[int, tuple[CodeType, bool | None]]] = {}
"""By the id of a code object that is kept: whether it is a library's; None: it is ours."""


def _for_library() -> bool:
    frame: FrameType | None = pristine.getframe(2)
    while frame is not None:
        known = _known.get(id(frame.f_code))
        if known is None:
            known = _known[id(frame.f_code)] = frame.f_code, _whose(frame)
        if known[1] is not None:
            return known[1]
        frame = frame.f_back
    return False


def _whose(frame: FrameType) -> bool | None:
    name = str(frame.f_globals.get("__name__"))
    return None if name.startswith(OURS) else name.partition(".")[0] in OWN


def _made(lock: Any) -> Stack:
    """Where the program makes it. How we came to call the program is another way in each run."""
    made: Stack = lock.made
    depth = next((at for at, (code, _) in enumerate(made) if is_ours(code.co_filename)), len(made))
    return made[:depth]


def _acquire(controller: Controller, tried: set[Any]) -> Make:
    """With a timeout or without waiting; the common case comes by way of `__enter__`."""

    def make(original: Original) -> Original:
        def acquire(self: Any, blocking: bool = True, timeout: float = -1) -> Any:
            if timeout != -1 or blocking not in (True, 1):
                controller.trying.add(_made(self))
                at(controller, "acquire", self)
            return original(self, blocking, timeout)

        return acquire

    return make


def _exit(controller: Controller, tried: set[Any]) -> Make:
    def make(original: Original) -> Original:
        def __exit__(self: Any, *error: Any) -> Any:  # noqa: N807
            if not tried or _made(self) not in tried:
                return original(self, *error)
            try:
                at(controller, "release", self)
            finally:
                original(self, *error)
            return None

        return __exit__

    return make


def _locked(controller: Controller, tried: set[Any]) -> Make:
    def make(original: Original) -> Original:
        def locked(self: Any) -> Any:
            controller.trying.add(_made(self))
            at(controller, "ask", self, write=False)
            return original(self)

        return locked

    return make
