"""concurrent.futures: what comes before a submission, a job, its result and its callbacks.

The locks, the semaphore and the queue inside an executor stay silent (they are raw), so that two
jobs are ordered only if one worker ran both, or the program orders them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.carried import Carried
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.meeting import clocks
from racecheck.runtime.stacks import capture
from racecheck.runtime.threads import Origin, ThreadState, current

Original = Callable[..., Any]

_DONE: Final = frozenset({"CANCELLED", "CANCELLED_AND_NOTIFIED", "FINISHED"})


def install(patches: Patches) -> None:
    """Replace what synchronises, module by module as they are loaded."""
    base = "concurrent.futures"
    patches.when_imported(f"{base}._base", lambda module: _install_base(patches, module))
    patches.when_imported(f"{base}.thread", lambda module: _install_thread(patches, module))
    patches.when_imported(f"{base}.process", lambda module: _install_process(patches, module))


def _install_base(patches: Patches, module: ModuleType) -> None:
    future = module.Future
    for name in ("set_result", "set_exception"):
        patches.method(future, name, _set)
    patches.method(future, "cancel", _cancel)
    for name in ("result", "exception"):
        patches.method(future, name, _result)
    for name in ("done", "running", "cancelled"):
        patches.method(future, name, _asked)
    patches.method(future, "add_done_callback", _add_done_callback)
    patches.function(module, "wait", _wait)
    patches.function(module, "as_completed", _as_completed)


def _install_thread(patches: Patches, module: ModuleType) -> None:
    patches.method(module.ThreadPoolExecutor, "__init__", _made("ThreadPoolExecutor"))
    patches.method(module._WorkItem, "__init__", _item_made)
    patches.method(module._WorkItem, "run", _item_run)


def _install_process(patches: Patches, module: ModuleType) -> None:
    patches.method(module.ProcessPoolExecutor, "__init__", _made("ProcessPoolExecutor"))


def _made(kind: str) -> Callable[[Original], Original]:
    def make(original: Original) -> Original:
        def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
            original(self, *arguments, **named)
            hooks.made(kind, self)

        return __init__

    return make


def _item_made(original: Original) -> Original:
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        original(self, *arguments, **named)
        thread = current()
        # Why on the object: it is the executor's own, and nobody else ever sees it.
        self.racecheck = thread.publish(), _submission(thread)

    return __init__


def _submission(thread: ThreadState) -> Origin:
    return Origin("submit", thread.name, capture(pristine.getframe(2)))


def _item_run(original: Original) -> Original:
    def run(self: Any) -> None:
        thread = current()
        known = self.__dict__.pop("racecheck", None)
        if known is None:
            original(self)
            return
        stamp, job = known
        thread.learn(stamp)
        outer, thread.job = thread.job, job
        try:
            original(self)
        finally:
            thread.job = outer
            # Why: as in the original, no cycle of an exception, its frames and the future.
            self = None

    return run


def _set(original: Original) -> Original:
    def set_outcome(self: Any, outcome: Any) -> None:
        thread = current()
        clocks.of(self).release(thread)
        hooks.gave(thread, "future", self)
        original(self, outcome)

    return set_outcome


def _cancel(original: Original) -> Original:
    def cancel(self: Any) -> bool:
        if self._state == "PENDING":
            clocks.of(self).release(current())
        return bool(original(self))

    return cancel


def _learn(future: Any, thread: ThreadState) -> None:
    """If `future` is done, whoever sees that comes after the outcome was set."""
    if future._state in _DONE:
        clocks.of(future).acquire(thread)


def _result(original: Original) -> Original:
    def outcome(self: Any, timeout: float | None = None) -> Any:
        thread = current()
        if timeout is None and thread.chain is not None:
            hooks.awaits(thread, "future", self)
        outer, thread.intent = thread.intent, ("future", self)
        try:
            return original(self, timeout)
        finally:
            thread.intent = outer
            _learn(self, thread)
            self = None  # as above

    return outcome


def _asked(original: Original) -> Original:
    def asked(self: Any) -> bool:
        answer = original(self)
        _learn(self, current())
        return bool(answer)

    return asked


def _add_done_callback(original: Original) -> Original:
    def add_done_callback(self: Any, fn: Any) -> None:
        original(self, Carried(fn, current().publish(), clocks.of(self)))

    return add_done_callback


def _wait(original: Original) -> Original:
    def wait(fs: Any, timeout: float | None = None, return_when: str = "ALL_COMPLETED") -> Any:
        thread, futures = current(), set(fs)
        pending = next((f for f in futures if f._state not in _DONE), None)
        outer, thread.intent = thread.intent, ("future", pending)
        try:
            found = original(futures, timeout, return_when)
        finally:
            thread.intent = outer
        for future in found.done:
            _learn(future, thread)
        return found

    return wait


def _as_completed(original: Original) -> Original:
    def as_completed(fs: Any, timeout: float | None = None) -> Iterator[Any]:
        found = original(fs, timeout)
        del fs
        try:
            while True:
                thread = current()
                outer, thread.intent = thread.intent, ("future", found)
                try:
                    # Why a list: as the original, we keep no future that was handed out.
                    last = [next(found)]
                except StopIteration:
                    return
                finally:
                    thread.intent = outer
                _learn(last[0], thread)
                yield last.pop()
        finally:
            found.close()

    return as_completed
