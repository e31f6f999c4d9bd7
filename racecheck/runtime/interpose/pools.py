"""multiprocessing.pool.ThreadPool: a task knows its submission, a result knows its task.

Three threads of the pool pass tasks and results on. They order nothing by themselves: what a task
is to know travels with its number, and so does what it did; the thread that hands out results
learns of a task only in order to run its callbacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final
from weakref import WeakValueDictionary

from racecheck.runtime import pristine
from racecheck.runtime.clocks import Stamp, SyncClock
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.meeting import SideTable
from racecheck.runtime.stacks import capture
from racecheck.runtime.threads import Origin, current

Original = Callable[..., Any]


def install(patches: Patches) -> None:
    """Replace it once it is loaded."""
    patches.when_imported("multiprocessing.pool", lambda module: _install(patches, module))


def _install(patches: Patches, module: ModuleType) -> None:
    patches.method(module.ThreadPool, "__init__", _pool_made)
    patches.value(module, "worker", _worker(module.worker))
    patches.method(module.Pool, "_guarded_task_generation", _generation)
    results = module.ApplyResult, module.MapResult
    iterators = module.IMapIterator, module.IMapUnorderedIterator
    patches.method(module.ApplyResult, "__init__", _result_made)
    patches.method(module.IMapIterator, "__init__", _result_made)
    for owner in (*results, *iterators):
        patches.method(owner, "_set", _set)
    for name in ("get", "wait", "ready", "successful"):
        patches.method(module.ApplyResult, name, _asked)
    patches.method(module.IMapIterator, "next", _asked)
    patches.value(module.IMapIterator, "__next__", module.IMapIterator.next)


class Job:
    """One submission: when and where, what its parts were given, and what they did."""

    __slots__ = ("__weakref__", "done", "origin", "parts", "started")

    def __init__(self, started: Stamp, origin: Origin) -> None:
        self.started = started
        self.origin = origin
        self.parts: dict[int, Stamp] = {}
        self.done: dict[int, Stamp] = {}


jobs: Final = SideTable[Any](lambda _: None)
"""Results to their jobs, which live as long."""

by_number: Final[WeakValueDictionary[int, Job]] = WeakValueDictionary()

finished: Final = SideTable[SyncClock](lambda _: SyncClock())
"""What whoever asks for a result learns of."""


def _pool_made(original: Original) -> Original:
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        original(self, *arguments, **named)
        hooks.made("ThreadPool", self)

    return __init__


def _result_made(original: Original) -> Original:
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        thread = current()
        origin = Origin("submit", thread.name, capture(pristine.getframe(1)))
        job = Job(thread.publish(), origin)
        jobs.set(self, job)
        original(self, *arguments, **named)
        by_number[self._job] = job

    return __init__


def _generation(original: Original) -> Original:
    """The iterable of `imap` is walked by a thread of the pool: each item is handed on by it."""

    def _guarded_task_generation(
        self: Any, result_job: int, func: Any, iterable: Any
    ) -> Iterator[Any]:
        job = by_number.get(result_job)
        if job is not None:
            current().learn(job.started)
        for task in original(self, result_job, func, iterable):
            if job is not None:
                job.parts[task[1]] = current().publish()
            yield task

    return _guarded_task_generation


class Inbox:
    """Where a worker gets its tasks."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def get(self) -> Any:
        """The next task, once we know what it is to know."""
        task = self._raw.get()
        job = by_number.get(task[0]) if task is not None else None
        if job is not None:
            thread = current()
            thread.learn(job.parts.pop(task[1], job.started))
            thread.job = job.origin
        return task


class Outbox:
    """Where a worker puts its results."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def put(self, result: Any) -> None:
        """Hand it on, with what was done for it."""
        thread = current()
        thread.job = None
        job = by_number.get(result[0])
        if job is not None:
            job.done[result[1]] = thread.publish()
        self._raw.put(result)


def _worker(original: Original) -> Original:
    def worker(inqueue: Any, outqueue: Any, *arguments: Any, **named: Any) -> None:
        if isinstance(inqueue, pristine.SimpleQueueType):
            inqueue, outqueue = Inbox(inqueue), Outbox(outqueue)
        original(inqueue, outqueue, *arguments, **named)

    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(worker, name, getattr(original, name))
    return worker


def _set(original: Original) -> Original:
    def _set(self: Any, i: Any, result: Any) -> None:
        job, thread = jobs.get(self), current()
        stamp = job.done.pop(i, None) if job is not None else None
        if stamp is None:
            original(self, i, result)
            return
        known = finished.of(self)
        known.add(stamp)
        if getattr(self, "_callback", None) or getattr(self, "_error_callback", None):
            known.acquire(thread)
            _with_callbacks(self, known)
        original(self, i, result)

    return _set


def _with_callbacks(result: Any, known: SyncClock) -> None:
    """Callbacks run before the result can be got: whoever gets it comes after them."""
    for name in ("_callback", "_error_callback"):
        callback = getattr(result, name)
        if callback is not None and not isinstance(callback, _Reported):
            setattr(result, name, _Reported(callback, known))


class _Reported:
    """A callback, and what it did added to the result."""

    def __init__(self, call: Callable[..., Any], clock: SyncClock) -> None:
        self._call = call
        self._clock = clock

    def __call__(self, value: Any) -> None:
        try:
            self._call(value)
        finally:
            self._clock.release(current())


def _asked(original: Original) -> Original:
    def asked(self: Any, *arguments: Any, **named: Any) -> Any:
        thread = current()
        outer, thread.intent = thread.intent, ("future", self)
        try:
            return original(self, *arguments, **named)
        finally:
            thread.intent = outer
            _learn(self)

    return asked


def _learn(result: Any) -> None:
    """If there is anything to be got, whoever asks comes after what was done for it."""
    event: threading.Event | None = getattr(result, "_event", None)
    if event is None or event._flag:  # type: ignore[attr-defined]
        finished.of(result).acquire(current())
