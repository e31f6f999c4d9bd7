"""Who waits for whom, right now: cycles of threads, and whether anybody is left who could move.

A thread that waits for a lock waits for its holder, one that joins waits for the other. Whoever
waits for an event, an item, a notification waits for anybody who can still run.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.runtime.locks import INTERNALS
from racecheck.runtime.naming import enters_with, user_frame
from racecheck.runtime.threads import Threads, ThreadState

if TYPE_CHECKING:
    from racecheck.runtime.waits import Wait

EXIT: Final = "exit"
"""Kind of the main thread's wait for all others, after its last line."""

BY_THREADS: Final = frozenset({"lock", "join", EXIT})
"""Kinds of waits that a signal handler does not end."""

Waits = Mapping[int, "Wait"]
"""Number of a thread to its wait."""


class Hang(NamedTuple):
    """Nothing can move. `waits`: of all threads that count; `sure`: nobody else could end it."""

    waits: tuple[Wait, ...]
    sure: bool


def blocker(wait: Wait, threads: Threads) -> ThreadState | None:
    """The one thread that a wait without timeout is for, if it is for one."""
    if wait.timed:
        return None
    if wait.kind == "lock":
        owner: ThreadState | None = getattr(wait.target, "owner", None)
        return owner
    return thread_of(wait.target, threads) if wait.kind == "join" else None


def thread_of(target: Any, threads: Threads) -> ThreadState | None:
    """State of a thread (or of a Thread object) that has not ended."""
    if isinstance(target, ThreadState):
        return target if target.ended is None else None
    ident = getattr(target, "_ident", None)
    for state in list(threads.alive.values()):
        if ident and state.ident == ident and state.ended is None:
            return state
    return None


def cycles(waits: Waits, threads: Threads) -> Iterator[tuple[Wait, ...]]:
    """Waits that can never end: each for the thread of the next one, the last for the first."""
    done: set[int] = set()
    for number in sorted(waits):
        trail: dict[int, Wait] = {}
        wait = waits.get(number)
        while wait is not None and wait.thread.number not in done:
            done.add(wait.thread.number)
            trail[wait.thread.number] = wait
            other = blocker(wait, threads)
            if other is None:
                break
            if other.number in trail:
                found = list(trail.values())
                yield tuple(found[list(trail).index(other.number) :])
                break
            wait = waits.get(other.number)


def is_certain(cycle: tuple[Wait, ...], threads: Threads) -> bool:
    """Whether a thread that waits for itself has nobody else to help it.

    A lock that is taken with `acquire` may be meant as a signal that another thread gives.
    """
    if len(cycle) > 1:
        return True
    thread, lock = cycle[0].thread, cycle[0].target
    for link in thread.chain or ():
        frame = user_frame(link.stack)
        if link.lock is lock and frame is not None and enters_with(*frame):
            return True
    return not any(
        state is not thread and state.ended is None for state in list(threads.alive.values())
    )


def hang(waits: Waits, threads: Threads, ours: int = 0) -> Hang | None:
    """Whether every thread that counts waits without end. Daemon threads do not count.

    `ours`: thread that belongs to racecheck.
    """
    blocked, sure = [], True
    states = [state for state in list(threads.alive.values()) if state.ended is None]
    for state in states:
        wait = waits.get(state.number)
        if wait is not None and not wait.timed:
            blocked.append(wait)
        elif not is_idle(state):
            if not state.daemon:
                return None
            sure = False
    victims = [wait for wait in blocked if not wait.thread.daemon]
    if all(wait.kind == EXIT for wait in victims):
        return None
    if any(_for_daemon(wait, waits, threads) for wait in victims):
        return None
    known = {state.ident for state in states} | {ours}
    strangers = set(threading._active) - known  # type: ignore[attr-defined]
    return Hang(tuple(blocked), sure and not strangers and not _signals(victims))


def is_idle(state: ThreadState) -> bool:
    """Whether it is a worker of a pool that waits for work: only the others can give it some.

    Not so the threads that wait for processes: what they wait for comes from outside.
    """
    target = getattr(_thread(state), "_target", None)
    name = (getattr(target, "__module__", None), getattr(target, "__name__", None))
    return state.job is None and name == ("concurrent.futures.thread", "_worker")


def is_workers(state: ThreadState) -> bool:
    """Whether the thread is part of a pool or a queue of processes, not one of the program's."""
    thread = _thread(state)
    target = getattr(thread, "_target", None)
    homes = {getattr(target, "__module__", None), type(thread).__module__}
    return bool(homes & (INTERNALS - {"threading"}))


def _thread(state: ThreadState) -> Any:
    return threading._active.get(state.ident)  # type: ignore[attr-defined]


def _for_daemon(wait: Wait, waits: Waits, threads: Threads) -> bool:
    """Whether it waits for one thread, and that one runs."""
    other = blocker(wait, threads)
    if other is None or other.ended is not None:
        return False
    its = waits.get(other.number)
    return its is None or its.timed


def _signals(victims: list[Wait]) -> bool:
    """Whether a signal handler of the program may end the wait of the main thread."""
    main = threading.main_thread().ident
    waits = [wait for wait in victims if wait.thread.ident == main]
    if not waits or waits[0].kind in BY_THREADS:
        return False
    return any(_is_programs(signal.getsignal(number)) for number in signal.valid_signals())


def _is_programs(handler: Any) -> bool:
    return callable(handler) and handler is not signal.default_int_handler
