"""asyncio where it meets threads: what a thread hands to a loop comes after what it did before.

`to_thread`, `run_in_executor` and `run_coroutine_threadsafe` are built of executors, futures and
`call_soon_threadsafe`, so this is the only edge of its own. Inside a loop all is one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from types import ModuleType
from typing import Any

from racecheck.runtime.carried import Carried
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.threads import current

Original = Callable[..., Any]


def install(patches: Patches) -> None:
    """Replace it on the loop that all loops written in Python derive from."""

    def loaded(module: ModuleType) -> None:
        patches.method(module.BaseEventLoop, "call_soon_threadsafe", _call_soon_threadsafe)

    patches.when_imported("asyncio.base_events", loaded)


def _call_soon_threadsafe(original: Original) -> Original:
    def call_soon_threadsafe(self: Any, callback: Any, *args: Any, context: Any = None) -> Any:
        if callable(callback) and not iscoroutinefunction(callback):
            callback = Carried(callback, current().publish())
        return original(self, callback, *args, context=context)

    return call_soon_threadsafe
