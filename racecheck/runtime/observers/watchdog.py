"""Hangs: what each blocked thread waits for, watched by a thread of our own.

The thread exists only while somebody is blocked: it would make a fork look like that of a program
with threads. It uses raw primitives and what threads recorded of themselves when they blocked,
never the frames of others.

What is done about a hang is `hang_action`. `report`: it is told at once (`hooks.urgent`), and no
more. `fail`: the waits of the threads concerned end with `Abandoned`, so the test fails and the
process can end. `exit`: the process ends with 66.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from racecheck.core.finding import Finding
from racecheck.runtime import hang_report, pristine, waitgraph
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.threads import ThreadState, current, local, threads
from racecheck.runtime.waits import Wait

if TYPE_CHECKING:
    from racecheck.runtime.hooks import Hooks

EXIT_CODE: Final = 66
"""With which a process ends that hangs, for `hang_action` exit."""

GRACE: Final = 0.1
"""Seconds after which a cycle is looked at again before it is believed."""

TICK: Final = 0.5
"""Seconds between two looks while somebody is blocked."""

LOOKS: Final = 3
"""Looks at an unchanged picture before it is a hang, however long the machine was asleep."""


class Observer:
    """The observer, and the thread that it starts when it has something to watch."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._options = options
        self._waits: dict[int, Wait] = {}
        self._found: list[Finding] = []
        self._known: set[Any] = set()
        self._told: set[str] = set()
        self._still: tuple[Any, float, int] = ((), 0.0, 0)
        self._given_up: list[Wait] = []
        self._first: Wait | None = None
        self._stopped = False
        self._paused = False
        self._fresh()

    def _fresh(self) -> None:
        """Nobody runs in here: raw locks, made anew because a fork may have copied held ones."""
        self._running = False
        self._ident = 0
        self._starting = pristine.allocate_lock()
        self._bell = pristine.allocate_lock()
        self._bell.acquire()
        self._gone = pristine.allocate_lock()

    def listen(self, hooks: Hooks) -> None:
        """Begin to watch."""
        hooks.listen(blocked=self.blocked, unblocked=self.unblocked)
        threads.on_fork.append(self._forked)
        _follow_forks()
        _active.append(self)

    def stop(self) -> None:
        """End our thread at once, and what it was still to end."""
        self._stopped = True
        self._end()
        self._first = None
        self._go_on()
        with suppress(ValueError):
            threads.on_fork.remove(self._forked)
        with suppress(ValueError):
            _active.remove(self)

    def limits(self) -> list[str]:
        """Everything that blocks in a watched primitive is seen."""
        return []

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """Hangs so far."""
        for finding in list(self._found):
            if finding.fingerprint not in self._told:
                yield finding

    def forget(self) -> None:
        """They have been reported."""
        self._told.update(finding.fingerprint for finding in self._found)
        self._found.clear()

    def begin_test(self) -> None:
        """The same hang in another test is that test's as well."""
        self._told.clear()

    def blocked(self, thread: ThreadState, wait: Wait) -> None:
        """A thread is about to wait."""
        self._waits[thread.number] = wait
        if not self._running:
            self._start()
        elif wait.kind in ("lock", "join"):
            other = waitgraph.blocker(wait, threads)
            if other is not None and other.number in self._waits:
                self._ring()

    def unblocked(self, thread: ThreadState, wait: Wait) -> None:
        """It goes on; if it was given up, then only in this wait."""
        self._waits.pop(thread.number, None)
        thread.abandoned = False

    def _start(self) -> None:
        if self._stopped or self._paused or not self._starting.acquire(False):
            return
        try:
            if not self._running:
                self._gone.acquire(False)
                self._running = True
                pristine.start_new_thread(self._run, ())
        except RuntimeError:
            # Why: the interpreter is shutting down and starts no threads any more.
            self._running = False
        finally:
            self._starting.release()

    def _ring(self) -> None:
        with suppress(RuntimeError):
            self._bell.release()

    def _end(self) -> None:
        """End our thread and wait until it is gone."""
        if self._running and self._ident != pristine.get_ident():
            self._ring()
            if self._gone.acquire(True, 1.0):
                self._gone.release()

    def _forked(self) -> None:
        self._stopped = True
        self._waits.clear()
        self._fresh()

    def _run(self) -> None:
        self._ident = pristine.get_ident()
        local.state = ThreadState("racecheck watchdog")
        local.state.busy = True
        try:
            self._watch()
        except Exception as error:
            hooks.failures.append(f"watchdog: {type(error).__name__}: {error}")
            self._stopped = True
        finally:
            self._ident = 0
            self._running = False
            with suppress(RuntimeError):
                self._gone.release()
        if self._waits:
            self._start()

    def _watch(self) -> None:
        quiet = 0
        while not self._stopped and not self._paused and quiet < 2:
            self._bell.acquire(True, min(TICK, self._options.hang_timeout / LOOKS or TICK))
            quiet = 0 if self._waits else quiet + 1
            if self._waits and not self._stopped:
                self._look()

    def _look(self) -> None:
        if self._given_up:
            self._go_on()
        waits = dict(self._waits)
        for cycle in list(waitgraph.cycles(waits, threads)):
            if self._is_new(cycle) and waitgraph.is_certain(cycle, threads) and self._holds(cycle):
                self._hangs(hang_report.of_cycle(cycle, self._options), cycle)
                return
        hang = waitgraph.hang(waits, threads, self._ident)
        if hang is None or not self._is_new(hang.waits):
            self._still = ((), 0.0, 0)
        elif self._lasts(hang.waits):
            self._nothing_moves(hang)

    def _is_new(self, waits: Sequence[Wait]) -> bool:
        return _picture(waits) not in self._known

    def _holds(self, cycle: Sequence[Wait]) -> bool:
        """Whether it is still there a moment later."""
        pristine.sleep(GRACE)
        now = waitgraph.cycles(dict(self._waits), threads)
        return _picture(cycle) in map(_picture, now)

    def _lasts(self, waits: Sequence[Wait]) -> bool:
        """Whether nothing has moved for long enough."""
        now = pristine.monotonic()
        picture, since, looks = self._still
        if picture != _picture(waits):
            self._still = (_picture(waits), now, 1)
            return False
        self._still = (picture, since, looks + 1)
        return looks + 1 >= LOOKS and now - since >= self._options.hang_timeout

    def _nothing_moves(self, hang: waitgraph.Hang) -> None:
        if hang.sure:
            self._hangs(hang_report.of_hang(hang, self._options), hang.waits)
            return
        self._known.add(_picture(hang.waits))
        if self._options.notes:
            self._found.append(hang_report.of_hang(hang, self._options))

    def _hangs(self, finding: Finding, waits: Sequence[Wait]) -> None:
        """Say it, and do what is to be done about it."""
        self._known.add(_picture(waits))
        known = any(one.fingerprint == finding.fingerprint for one in self._found)
        if not known:
            self._found.append(finding)
            hooks.urgent(finding)
        action = self._options.hang_action
        if action == "exit":
            _leave(EXIT_CODE)
        elif action == "fail":
            self._abandon(waits)

    def _abandon(self, waits: Sequence[Wait]) -> None:
        """End the wait of the main thread, since its test has failed; then what still waits."""
        main = threading.main_thread().ident
        first = [wait for wait in list(self._waits.values()) if wait.thread.ident == main]
        self._given_up = [wait for wait in waits if wait not in first]
        ends = (wait for wait in first if not wait.timed and wait.kind != waitgraph.EXIT)
        self._first = next(ends, None)
        if self._first is not None:
            self._first.thread.abandoned = True
        self._go_on()

    def _go_on(self) -> None:
        """End the other waits, once the main thread has left its own."""
        if self._first is not None and self._first in self._waits.values():
            return
        for wait in self._given_up:
            if self._waits.get(wait.thread.number) is wait:
                wait.thread.abandoned = True
        self._given_up = []


def _picture(waits: Sequence[Wait]) -> frozenset[tuple[int, float]]:
    """What tells these waits from all others, later ones of the same threads included."""
    return frozenset((wait.thread.number, wait.since) for wait in waits)


_active: Final[list[Observer]] = []
_following: Final[list[bool]] = []


def _follow_forks() -> None:
    """Once in a process, since it cannot be taken back: no thread of ours is there at a fork."""
    if not _following and hasattr(os, "register_at_fork"):
        _following.append(True)
        os.register_at_fork(before=_pause, after_in_parent=_resume)


def _pause() -> None:
    for observer in _active:
        observer._paused = True
        observer._end()


def _resume() -> None:
    for observer in _active:
        observer._paused = False
        if observer._waits:
            observer._start()


@contextmanager
def leaving() -> Iterator[None]:
    """The calling (main) thread has run its last line and waits for all others: they may hang."""
    thread = current()
    with Wait(thread, waitgraph.EXIT, None, (), timed=False):
        yield


def end_abandoned(code: int) -> None:
    """At the very end: leave the process if threads that were given up would keep it alive."""
    for state in list(threads.alive.values()):
        if state.abandoned and state.ended is None and not state.daemon:
            _leave(code)


def _leave(code: int) -> None:
    """End the process. Whoever replaces `os._exit` (to write a report) is called."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)
