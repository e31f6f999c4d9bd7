"""Locks, threads, timers, and what a fork leaves of them."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from racecheck.runtime import meeting, pristine
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.locks import Lock, QuietLock
from racecheck.runtime.meeting import SideTable
from racecheck.runtime.reentrant import RLock
from racecheck.runtime.stacks import capture
from racecheck.runtime.threads import Origin, ThreadState, current, is_aside, local, threads
from racecheck.runtime.waits import SLICE, Abandoned, Wait

Original = Callable[..., Any]


def install(patches: Patches) -> None:
    """Replace locks by name, and what starts, ends and joins threads."""
    meeting.forget()
    _follow_forks()
    patches.everywhere(pristine.allocate_lock, Lock)
    if sys.version_info >= (3, 13):  # a factory of its own
        patches.everywhere(pristine.LockType, Lock)
    patches.everywhere(pristine.RLockType, RLock)
    patches.everywhere(pristine.make_rlock, RLock)
    _adopt(patches)
    thread = threading.Thread
    patches.method(thread, "start", _start)
    patches.method(thread, "_bootstrap_inner", _bootstrap_inner)
    patches.method(thread, "join", _join)
    patches.method(thread, "is_alive", _is_alive)
    patches.method(threading.Timer, "__init__", _timer_made)
    patches.function(_thread, "start_new_thread", _start_new_thread)


def _adopt(patches: Patches) -> None:
    """Locks that exist, and other references to what makes them."""
    makers: dict[Any, Any] = {pristine.allocate_lock: Lock}
    makers |= {pristine.make_rlock: RLock, pristine.RLockType: RLock}
    if sys.version_info >= (3, 13):
        makers[pristine.LockType] = Lock
    kinds: dict[Any, Any] = {pristine.LockType: _around}
    kinds[pristine.RLockType] = lambda raw, _: RLock.around(raw)
    patches.adopt(makers, kinds)


def _around(raw: Any, quiet: bool) -> Any:
    return (QuietLock if quiet else Lock).around(raw)


states: Final = SideTable[Any](lambda _: None)
"""Thread objects that were started while we watch, to their states."""

_is_alive_really: Final = threading.Thread.is_alive
join_really: Final = threading.Thread.join


def _start(original: Original) -> Original:
    def start(self: Any) -> None:
        if not getattr(self, "_initialized", False) or self._started._flag:
            original(self)
            return
        parent = current()
        origin = Origin("Thread", parent.name, capture(pristine.getframe(1)))
        state = threads.fork(parent, self._name, origin, aside=is_aside(self))
        state.daemon = self._daemonic
        states.set(self, state)
        try:
            original(self)
        except Exception:
            if not state.ident:
                threads.discard(state)
            raise

    return start


def _bootstrap_inner(original: Original) -> Original:
    def _bootstrap_inner(self: Any) -> None:
        state = states.get(self)
        if state is None:
            original(self)
            return
        _begin(state)
        state.name = self._name
        self._invoke_excepthook = _told(state, self._invoke_excepthook)
        try:
            hooks.started(state)
            original(self)
        finally:
            _finish(state)

    return _bootstrap_inner


def _begin(state: ThreadState) -> None:
    threads.begin(state)


def _finish(state: ThreadState) -> None:
    hooks.ended(state)
    threads.end(state)


def _told(state: ThreadState, invoke: Original) -> Original:
    """The thread's way to report an exception; `threading.excepthook` itself stays untouched."""

    def invoke_excepthook(thread: Any) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, Abandoned):
            return
        if error is not None and not isinstance(error, SystemExit):
            hooks.died(state, error)
        invoke(thread)

    return invoke_excepthook


def _join(original: Original) -> Original:
    def join(self: Any, timeout: Any = None) -> None:
        if timeout is None:
            _awaits(self)
        if not _blocks(self):
            original(self, timeout)
        else:
            thread = current()
            with Wait.of(thread, "join", self, timeout, pristine.getframe(1)):
                if timeout is None:
                    _join_in_slices(original, self, thread)
                else:
                    original(self, timeout)
        _joined(self)

    return join


def _awaits(joined: Any) -> None:
    """Say that `joined` is waited for under a lock, whether or not it has ended already."""
    thread, state = local.__dict__.get("state"), states.get(joined)
    if thread is not None and thread.chain is not None and state is not None:
        hooks.awaits(thread, "join", state)


def _blocks(thread: Any) -> bool:
    """Whether a join of `thread` is in order and would have to wait."""
    if not getattr(thread, "_initialized", False) or not thread._started._flag:
        return False
    return thread._ident != pristine.get_ident() and bool(_is_alive_really(thread))


def _join_in_slices(original: Original, joined: Any, thread: ThreadState) -> None:
    while True:
        original(joined, SLICE)
        if not _is_alive_really(joined):
            return
        if thread.abandoned:
            raise Abandoned(f"{thread.name} waited for ever; racecheck has reported it")


def _is_alive(original: Original) -> Original:
    def is_alive(self: Any) -> bool:
        alive: bool = original(self)
        if not alive:
            _joined(self)
        return alive

    return is_alive


def _joined(thread: Any) -> None:
    """`thread` may have ended: whoever saw that comes after all it did."""
    if not thread._started._flag or _is_alive_really(thread):
        return
    state = states.get(thread) or threads.gone(thread._ident)
    if state is not None:
        threads.join(current(), state)


def _timer_made(original: Original) -> Original:
    def __init__(  # noqa: N807
        self: Any, interval: float, function: Any, args: Any = None, kwargs: Any = None
    ) -> None:
        original(self, interval, function, args, kwargs)
        hooks.made("Timer", self)

    return __init__


class Body:
    """What a thread of `start_new_thread` runs; shown as the function itself if that fails."""

    def __init__(self, state: ThreadState, function: Any) -> None:
        self._state = state
        self._function = function

    def __call__(self, *arguments: Any, **named: Any) -> None:
        """Run it, as a thread that we know."""
        state = self._state
        _begin(state)
        try:
            hooks.started(state)
            self._function(*arguments, **named)
        except (SystemExit, Abandoned):
            pass
        except BaseException as error:
            hooks.died(state, error)
            raise
        finally:
            _finish(state)

    def __repr__(self) -> str:
        return repr(self._function)


def _in_order(function: Any = None, args: Any = None, kwargs: Any = None, *more: Any) -> bool:
    """Whether the original would accept these arguments."""
    named = kwargs is None or isinstance(kwargs, dict)
    return callable(function) and isinstance(args, tuple) and named and not more


def _start_new_thread(original: Original) -> Original:
    def start_new_thread(*given: Any) -> int:
        if not _in_order(*given):
            return int(original(*given))
        function, *others = given
        parent = current()
        name = getattr(function, "__name__", "start_new_thread")
        origin = Origin("start_new_thread", parent.name, capture(pristine.getframe(1)))
        state = threads.fork(parent, name, origin)
        state.daemon = True
        try:
            return int(original(Body(state, function), *others))
        except Exception:
            threads.discard(state)
            raise

    return start_new_thread


_following: Final[list[bool]] = []


def _follow_forks() -> None:
    """Once in a process, since it cannot be taken back."""
    if not _following and hasattr(os, "register_at_fork"):
        _following.append(True)
        os.register_at_fork(after_in_child=threads.forked)
