"""Threads that do what a test says, one step after the other, without being threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from racecheck.core.finding import Finding
from racecheck.runtime import pristine
from racecheck.runtime.chains import drop, hold
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.stacks import capture
from racecheck.runtime.threads import Origin, Threads, ThreadState

OPTIONS = RuntimeOptions()


class Mutex:
    """A lock as the observers see it."""

    def __init__(self, number: int, kind: str = "Lock") -> None:
        self.number = number
        self.made = capture(pristine.getframe(2), 6)
        self.kind = kind
        self.owner: ThreadState | None = None


class Scene:
    """A main thread, those that it starts, and locks."""

    def __init__(self, *observers: Any) -> None:
        self.threads = Threads()
        self.main = ThreadState("MainThread", 1000)
        self._locks = 0
        hooks.clear()
        for observer in observers:
            observer.listen(hooks)

    def lock(self, kind: str = "Lock") -> Mutex:
        self._locks += 1
        return Mutex(self._locks, kind)

    def start(self, name: str, by: ThreadState | None = None) -> ThreadState:
        stack = capture(pristine.getframe(1))
        return self.threads.fork(by or self.main, name, Origin("thread", "MainThread", stack))

    def end(self, thread: ThreadState) -> None:
        hooks.ended(thread)
        thread.ended = thread.publish()

    def join(self, waiter: ThreadState, thread: ThreadState) -> None:
        if thread.ended is not None:
            waiter.learn(thread.ended)

    @contextmanager
    def holding(self, thread: ThreadState, *locks: Mutex, bounded: bool = False) -> Iterator[None]:
        """As `with first, second:` on that thread."""
        for lock in locks:
            take(thread, lock, bounded=bounded)
        yield
        for lock in reversed(locks):
            give(thread, lock)

    def nested(self, thread: ThreadState, *locks: Mutex) -> None:
        with self.holding(thread, *locks):
            pass


def take(thread: ThreadState, lock: Mutex, *, bounded: bool = False) -> None:
    lock.owner = thread
    hold(thread, lock, bounded=bounded)


def give(thread: ThreadState, lock: Mutex) -> None:
    lock.owner = None
    thread.clock += 1
    assert drop(thread, lock)


def codes(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in findings]
