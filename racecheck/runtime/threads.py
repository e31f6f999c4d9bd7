"""The threads of a run: their clocks, what they hold, and whether there is more than one.

Every thread finds its own state in `local.state`; `current()` also makes one for a thread that
nobody announced (started in C, or before the watching began).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from racecheck.runtime import pristine
from racecheck.runtime.clocks import Knowledge, Stamp, merged
from racecheck.runtime.stacks import Stack

if TYPE_CHECKING:
    from racecheck.runtime.chains import Link

_numbers: Final = count(1)

UNJOINED: Final = 256
"""Ended threads that nobody joined whose slots are kept apart; vector clocks grow with them."""


ASIDE: Final = frozenset({"pytest_rerunfailures"})
"""Modules whose threads run nothing but the module itself: the gate need not be open for them.

A list, since nothing else tells them from threads of libraries that run what they are given."""


def is_aside(thread: threading.Thread) -> bool:
    """Whether it is such a thread."""
    target = getattr(thread, "_target", None)
    return type(thread) is threading.Thread and getattr(target, "__module__", "") in ASIDE


class Origin:
    """How a thread, or the job that it is running, came to be."""

    __slots__ = ("how", "stack", "starter")

    def __init__(self, how: str, starter: str, stack: Stack) -> None:
        self.how = how
        self.starter = starter
        self.stack = stack


class ThreadState:
    """What is known of one thread. Only the thread itself writes here, unless a method says so.

    `number` is never used twice; `slot` (its place in vector clocks) is, once its last owner is
    known to have ended before. `seen` holds what was recorded since the last tick; `turns`, if
    that was at `turned`, the loops (site, id of where its path begins). `muted` counts the modelled
    primitives we are inside of. `busy`: inside racecheck, so accesses are not ours.
    `abandoned`: it hangs for ever, that was reported, and its wait is to end with an exception.
    `permits`: of semaphores, acquired and not released. `taken`: from what it has just taken.
    `intent`: the modelled primitive (kind, object) that a wait further inside would be for.
    """

    __slots__ = (
        "abandoned",
        "absent",
        "aside",
        "busy",
        "chain",
        "clock",
        "daemon",
        "ended",
        "hard",
        "ident",
        "intent",
        "job",
        "joined",
        "known",
        "muted",
        "name",
        "number",
        "origin",
        "permits",
        "roots",
        "seen",
        "slot",
        "taken",
        "turned",
        "turns",
        "waiting",
    )

    def __init__(self, name: str, slot: int = 0, clock: int = 1) -> None:
        self.number = next(_numbers)
        self.name = name
        self.slot = slot
        self.clock = clock
        self.known: Knowledge = {}
        self.hard: Knowledge = {}
        self.seen: set[Any] = set()
        self.turns: dict[int, int] = {}
        self.turned = clock
        self.absent: set[Any] = set()
        self.chain: Link | None = None
        self.roots: dict[int, Link] = {}
        self.muted = 0
        self.permits = 0
        self.taken: Any = None
        self.busy = False
        self.abandoned = False
        self.waiting: Any = None
        self.intent: tuple[str, Any] | None = None
        self.origin: Origin | None = None
        self.job: Origin | None = None
        self.ident = 0
        self.daemon = False
        self.aside = False
        self.ended: Stamp | None = None
        self.joined = False

    def publish(self) -> Stamp:
        """The present moment, for others to learn by a hard edge; a new epoch begins."""
        now = Stamp(self.slot, self.clock, self.known, self.hard)
        self.tick()
        if self.roots:
            # Why: the same chain of locks taken after a hard edge is another dependency.
            self.roots = {}
        return now

    def tick(self) -> None:
        """Begin a new epoch."""
        self.clock += 1
        if self.seen:
            self.seen = set()

    def learn(self, stamp: Stamp) -> None:
        """`stamp` happens before what this thread does next (start, join, a queue, a future)."""
        slot, clock, known, hard = stamp
        if slot == self.slot:
            return
        if self.known.get(slot, 0) < clock:
            self.known = merged(self.known, slot, clock, known)
        if self.hard.get(slot, 0) < clock:
            self.hard = merged(self.hard, slot, clock, hard)
            self.roots = {}

    def knows(self, slot: int, clock: int) -> bool:
        """Whether that moment happens before now, by any edge."""
        return slot == self.slot or self.known.get(slot, 0) >= clock

    def __repr__(self) -> str:
        return f"<thread {self.number} {self.name} {self.slot}@{self.clock}>"


class Local(threading.local):
    """Where a thread finds its state: `local.state`, AttributeError for an unknown thread."""

    state: ThreadState


local: Final = Local()


class Threads:
    """All threads that were met, and the gate.

    The gate is open while a second thread may run. While it is closed nothing needs recording: what
    a lone thread does happens before everything that a thread started later does. When it
    closes, all that was recorded lies before the only thread left, so `on_gate` may forget it.
    In a forked child it stays closed, and `on_fork` may let go of what other threads held.
    """

    def __init__(self) -> None:
        self.alive: dict[int, ThreadState] = {}
        self.free: list[Stamp] = []
        self.unjoined: deque[ThreadState] = deque()
        self.before: frozenset[int] = frozenset()
        self.open = False
        self.foreign = False
        self.held = False
        self.on_gate: list[Callable[[bool], None]] = []
        self.on_fork: list[Callable[[], None]] = []
        self._forked = False
        self._slots = count(1)
        # Why re-entrant: a finalizer or a signal handler may start a thread at any moment.
        self._mutex = pristine.make_rlock()

    def reset(self) -> None:
        """Forget all threads but the calling one; a new session begins here.

        Slots are not used again: a thread of an earlier session may still run with its own.
        """
        self.alive.clear()
        self.free.clear()
        self.unjoined.clear()
        self.before = frozenset(threading._active)  # type: ignore[attr-defined]
        self.foreign = self.held = self._forked = False
        state = self._make(pristine.current_thread().name)
        state.ident = pristine.get_ident()
        self.alive[state.number] = state
        local.state = state
        self._set_gate(False)

    def fork(
        self, parent: ThreadState, name: str, origin: Origin, *, aside: bool = False
    ) -> ThreadState:
        """State of a thread that `parent` is about to start: it knows what the parent knows."""
        with self._mutex:
            child = self._make(name, parent)
            child.origin = origin
            start = parent.publish()
            child.known = {**start.known, start.slot: start.clock}
            child.hard = {**start.hard, start.slot: start.clock}
            child.known.pop(child.slot, None)
            child.hard.pop(child.slot, None)
            child.aside = aside
            self.alive[child.number] = child
            if not aside:
                self._set_gate(True)
        return child

    def begin(self, state: ThreadState) -> None:
        """The calling thread is the one of `state`."""
        state.ident = pristine.get_ident()
        local.state = state

    def end(self, state: ThreadState) -> None:
        """The calling thread has run its last line of user code."""
        state.ended = state.publish()
        self.unjoined.append(state)

    def discard(self, state: ThreadState) -> None:
        """The thread was never started after all."""
        state.ended = Stamp(state.slot, state.clock, state.known, state.hard)
        self.join(local.state, state)

    def join(self, waiter: ThreadState, state: ThreadState) -> None:
        """`waiter` has seen that the thread of `state` ended."""
        if state.ended is None:
            return
        waiter.learn(state.ended)
        with self._mutex:
            if not state.joined:
                self._bury(state)
                self.free.append(state.ended)
                with suppress(ValueError):
                    self.unjoined.remove(state)
            self._close_if_lonely(waiter)

    def hold(self) -> None:
        """Several tasks of one loop are to be watched: the gate opens without a second thread."""
        with self._mutex:
            self.held = True
            if not self.open:
                self._set_gate(True)

    def let_go(self, held: bool) -> None:
        """That loop has ended; `held`: what was true before it ran."""
        with self._mutex:
            self.held = held
            self._close_if_lonely(local.state)

    def _close_if_lonely(self, thread: ThreadState) -> None:
        lonely = [state for state in self.alive.values() if not state.aside] == [thread]
        if lonely and self.open and not self.foreign and not self.held:
            self._set_gate(False)

    def gone(self, ident: int) -> ThreadState | None:
        """State of an adopted thread that is known to have ended, though not by itself."""
        for state in list(self.alive.values()):
            if state.ident == ident and state.origin is None and ident in self.before:
                if state.ended is None:
                    state.ended = Stamp(state.slot, state.clock, state.known, state.hard)
                return state
        return None

    def adopt(self) -> ThreadState:
        """State of a thread that nobody announced; with it around, the gate stays open."""
        with self._mutex:
            ident = pristine.get_ident()
            for state in self.alive.values():
                if state.ident == ident and state.ended is not None:
                    # Why: its thread-local values are being finalized, after its last line.
                    local.state = state
                    return state
            known = threading._active.get(ident)  # type: ignore[attr-defined]
            state = self._make(known.name if known else f"thread {ident}")
            state.ident = ident
            state.daemon = known is None or known.daemon
            if ident not in self.before:
                # Why: it was started in C, by an order that we cannot see. Unknown means silent.
                state.known = {s.slot: s.clock - 1 for s in self.alive.values()}
                state.hard = dict(state.known)
            state.aside = known is not None and is_aside(known)
            self.alive[state.number] = state
            local.state = state
            if not state.aside:
                self.foreign = True
                self._set_gate(True)
        return state

    def forked(self) -> None:
        """This process is a forked child: only the calling thread exists, and it is not watched."""
        self._mutex = pristine.make_rlock()
        state = local.__dict__.get("state")
        self.alive = {state.number: state} if state is not None else {}
        self.unjoined.clear()
        self._forked, self.open = True, False
        for told in self.on_fork:
            told()

    def _bury(self, state: ThreadState) -> None:
        state.joined = True
        self.alive.pop(state.number, None)

    def _make(self, name: str, parent: ThreadState | None = None) -> ThreadState:
        """A state; its slot is that of a dead thread if the parent knows of its end.

        With too many threads that nobody joined, the slot of the eldest is taken all the same: who
        knows of its new owner is then thought to know of it, so alarms are missed, not false.
        """
        for index, stamp in enumerate(self.free):
            if parent is not None and parent.knows(stamp.slot, stamp.clock):
                del self.free[index]
                return ThreadState(name, stamp.slot, stamp.clock + 1)
        if len(self.unjoined) > UNJOINED:
            eldest = self.unjoined.popleft()
            self._bury(eldest)
            ended = eldest.ended or Stamp(eldest.slot, eldest.clock, {}, {})
            return ThreadState(name, ended.slot, ended.clock + 1)
        return ThreadState(name, next(self._slots))

    def _set_gate(self, is_open: bool) -> None:
        if self._forked:
            return
        self.open = is_open
        for told in self.on_gate:
            told(is_open)


threads: Final = Threads()


def current() -> ThreadState:
    """State of the calling thread."""
    try:
        return local.state
    except AttributeError:
        return threads.adopt()
