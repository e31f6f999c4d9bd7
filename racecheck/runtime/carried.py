"""A callable that somebody else will call: what its giver did comes before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from racecheck.runtime.clocks import Stamp, SyncClock
from racecheck.runtime.threads import current


class Carried:
    """Calls as the original does, once the caller knows what the giver knew.

    It prints as the original and is unwrapped to it by `inspect`. `clock` is learned of as well.
    """

    __slots__ = ("__wrapped__", "_clock", "_stamp")

    def __init__(self, call: Callable[..., Any], stamp: Stamp, clock: SyncClock | None = None):
        self.__wrapped__ = call
        self._stamp = stamp
        self._clock = clock

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it."""
        thread = current()
        thread.learn(self._stamp)
        if self._clock is not None:
            self._clock.acquire(thread)
        return self.__wrapped__(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)
