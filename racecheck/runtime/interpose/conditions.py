"""Condition, Event, Semaphore, BoundedSemaphore and Barrier.

A wait on a condition is the one place where all of them (and queues and futures) block, so it is
written again here: it says what is waited for (`ThreadState.intent`), it wakes now and then so that
a thread that was given up can end, and whoever notifies leaves its stamp with the waiter.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.clocks import Stamp, SyncClock
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.meeting import SideTable, clocks, inner, is_raw, note_maker
from racecheck.runtime.threads import ThreadState, current
from racecheck.runtime.waits import Wait, wait_until

Original = Callable[..., Any]

_WAIT_FOR: Final = threading.Condition.wait_for.__code__
PENDING: Final = 1024
"""Stamps of releases kept apart per semaphore; older ones are joined."""


def install(patches: Patches) -> None:
    """Replace the methods that synchronise."""
    condition, event, barrier = threading.Condition, threading.Event, threading.Barrier
    patches.method(condition, "wait", _condition_wait)
    patches.method(condition, "notify", _condition_notify)
    patches.method(event, "__init__", _maker_noted)
    patches.method(event, "set", _event_set)
    patches.method(event, "is_set", _event_is_set)
    patches.method(event, "wait", _event_wait)
    semaphore, bounded = threading.Semaphore, threading.BoundedSemaphore
    patches.method(semaphore, "__init__", _maker_noted)
    patches.method(semaphore, "acquire", _semaphore_acquire)
    patches.value(semaphore, "__enter__", semaphore.acquire)
    patches.method(semaphore, "release", _semaphore_release)
    patches.method(bounded, "release", _semaphore_release)
    patches.method(barrier, "__init__", _maker_noted)
    patches.method(barrier, "wait", _barrier_wait)
    patches.method(barrier, "_enter", _barrier_enter)
    patches.method(barrier, "_release", _barrier_release)
    patches.method(barrier, "_break", _barrier_broken)
    patches.method(barrier, "reset", _barrier_broken)


class Waiter:
    """What a condition wakes: a lock, and the moment of whoever notified."""

    __slots__ = ("_raw", "acquire", "stamp")

    def __init__(self) -> None:
        self._raw = pristine.allocate_lock()
        self.acquire = self._raw.acquire
        self.stamp: Stamp | None = None

    def release(self) -> None:
        """Called by `Condition.notify` of the standard library."""
        self.stamp = current().publish()
        self._raw.release()


def _seen(condition: Any) -> bool:
    """Whether a condition is the program's own and not a detail of another primitive."""
    return not is_raw(condition._lock) and not current().muted


def _condition_wait(original: Original) -> Original:
    def wait(self: Any, timeout: Any = None) -> bool:
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        thread = current()
        seen = _seen(self)
        waiter: Any = Waiter() if seen else pristine.allocate_lock()
        if seen:
            how = "wait_for" if pristine.getframe(1).f_code is _WAIT_FOR else "wait"
            hooks.waiting(thread, self, how)
        waiter.acquire()
        self._waiters.append(waiter)
        saved_state = self._release_save()
        got: list[bool] = []
        try:
            intent = ("condition", self) if seen else thread.intent
            _block(thread, intent, waiter.acquire, timeout, got)
            return got[-1]
        finally:
            self._acquire_restore(saved_state)
            if not (got and got[-1]):
                try:  # noqa: SIM105 - as in the original: no context manager in between
                    self._waiters.remove(waiter)
                except ValueError:
                    pass
            elif seen and waiter.stamp is not None:
                thread.learn(waiter.stamp)

    return wait


def _block(
    thread: ThreadState,
    intent: tuple[str, Any] | None,
    acquire: Callable[..., bool],
    timeout: Any,
    got: list[bool],
) -> None:
    """Wait for a waiter's lock; `got` tells what came of it."""
    if timeout is not None and not timeout > 0:
        got.append(acquire(False))
        return
    limit = -1 if timeout is None else timeout
    if intent is None:
        wait_until(thread, acquire, limit, got)
        return
    with Wait.of(thread, *intent, timeout, pristine.getframe(1)):
        wait_until(thread, acquire, limit, got)


def _condition_notify(original: Original) -> Original:
    def notify(self: Any, n: int = 1) -> None:
        if not _seen(self):
            original(self, n)
            return
        waiting = len(self._waiters)
        original(self, n)
        hooks.notified(current(), self, waiting)

    return notify


def _maker_noted(original: Original) -> Original:
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        note_maker(self, pristine.getframe(1))
        original(self, *arguments, **named)

    return __init__


def _event_set(original: Original) -> Original:
    def set(self: Any) -> None:
        if inner.get(self) is None:
            thread = current()
            clocks.of(self).release(thread)
            hooks.gave(thread, "event", self)
        original(self)

    return set


def _event_is_set(original: Original) -> Original:
    def is_set(self: Any) -> bool:
        found: bool = original(self)
        if found:
            clocks.of(self).acquire(current())
        return found

    return is_set


def _event_wait(original: Original) -> Original:
    def wait(self: Any, timeout: float | None = None) -> bool:
        if inner.get(self) is not None:
            return bool(original(self, timeout))
        thread = current()
        if timeout is None and thread.chain is not None:
            hooks.awaits(thread, "event", self)
        outer, thread.intent = thread.intent, ("event", self)
        try:
            signaled: bool = original(self, timeout)
        finally:
            thread.intent = outer
        if signaled:
            clocks.of(self).acquire(thread)
        return signaled

    return wait


class Permits:
    """The permits of a semaphore: the k-th release comes before acquisition number k + initial.

    An acquisition thus learns of the releases that it cannot have done without, and of no others:
    two of three permits handed out say nothing about each other. What they are permits for, say a
    list of free connections, does: see `Observer._handed`.
    """

    __slots__ = ("_initial", "_numbers", "_pending", "_used")

    def __init__(self, initial: int) -> None:
        self._initial = initial
        self._numbers = count()
        self._pending: deque[Stamp] = deque()
        self._used = SyncClock()

    def released(self, stamp: Stamp, permits: int) -> None:
        """To be called before the release itself."""
        self._pending.extend([stamp] * permits)
        while len(self._pending) > PENDING:
            self._used.add(self._pending.popleft())

    def withdrawn(self, stamp: Stamp, permits: int) -> None:
        """The release failed after all."""
        for _ in range(permits):
            try:
                self._pending.remove(stamp)
            except ValueError:
                return

    def acquired(self, thread: ThreadState) -> None:
        """To be called after the acquisition itself."""
        thread.permits += 1
        if thread.seen:
            # Why: what is taken from a pool next may have been put there since it was looked at.
            thread.seen = set()
        if next(self._numbers) < self._initial:
            return
        with suppress(IndexError):
            self._used.add(self._pending.popleft())
        self._used.acquire(thread)


permits: Final = SideTable[Permits](lambda semaphore: Permits(semaphore._value))


def _semaphore_acquire(original: Original) -> Original:
    def acquire(self: Any, blocking: bool = True, timeout: float | None = None) -> bool:
        if inner.get(self) is not None:
            return bool(original(self, blocking, timeout))
        thread, known = current(), permits.of(self)
        outer, thread.intent = thread.intent, ("semaphore", self)
        try:
            got: bool = original(self, blocking, timeout)
        finally:
            thread.intent = outer
        if got:
            known.acquired(thread)
        return got

    return acquire


def _semaphore_release(original: Original) -> Original:
    def release(self: Any, n: int = 1) -> None:
        if inner.get(self) is not None or not isinstance(n, int) or n < 1:
            original(self, n)
            return
        thread = current()
        known, stamp = permits.of(self), thread.publish()
        known.released(stamp, n)
        try:
            original(self, n)
            thread.permits = max(0, thread.permits - n)
        except BaseException:
            known.withdrawn(stamp, n)
            raise

    return release


class Rounds:
    """A barrier: one clock for each round, so that an early bird of the next one is not met."""

    __slots__ = ("broken", "inside", "now")

    def __init__(self) -> None:
        self.now = SyncClock()
        self.inside: dict[int, SyncClock] = {}
        self.broken = SyncClock()


rounds: Final = SideTable[Rounds](lambda _: Rounds())


def _barrier_wait(original: Original) -> Original:
    def wait(self: Any, timeout: float | None = None) -> int:
        thread, known = current(), rounds.of(self)
        outer, thread.intent = thread.intent, ("barrier", self)
        try:
            index: int = original(self, timeout)
        except threading.BrokenBarrierError:
            known.broken.acquire(thread)
            raise
        finally:
            thread.intent = outer
            met = known.inside.pop(thread.number, None)
        if met is not None:
            met.acquire(thread)
        return index

    return wait


def _barrier_enter(original: Original) -> Original:
    def _enter(self: Any) -> None:
        original(self)
        # Why here: the barrier's own lock is held, so this is the round that we are in.
        thread, known = current(), rounds.of(self)
        known.now.release(thread)
        known.inside[thread.number] = known.now

    return _enter


def _barrier_release(original: Original) -> Original:
    def _release(self: Any) -> None:
        # Why twice: the action runs in the last thread, after all arrived and before all leave.
        thread, known = current(), rounds.of(self)
        met = known.now
        met.acquire(thread)
        original(self)
        met.release(thread)
        known.now = SyncClock()

    return _release


def _barrier_broken(original: Original) -> Original:
    def broken(self: Any) -> None:
        rounds.of(self).broken.release(current())
        original(self)

    return broken
