"""What is left behind: locks that stay held, threads, timers, executors.

Of a test, whatever was not there when it began (`mark`) and is still there when its fixtures are
gone (`since`). Of a run, what is left at its end; daemon threads are meant to be left then.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.runtime import naming, pristine, waitgraph
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import Stack, callers, capture, frames, is_library, is_standard
from racecheck.runtime.threads import ThreadState, local, threads

if TYPE_CHECKING:
    from racecheck.runtime.chains import Held, Link
    from racecheck.runtime.hooks import Hooks

GRACE: Final = 0.25
"""Seconds that threads have to end which were told to and not waited for."""

KEPT: Final = 1000
"""Leaks of one kind that are kept."""

SEVERITIES: Final = {"RC306": "note", "RC409": "warning", "RC427": "warning", "RC802": "warning"}
"""Where nobody knows the catalogue."""


class Token(NamedTuple):
    """What was there at one moment: threads, locks held by the main thread, things made so far."""

    threads: frozenset[int]
    held: frozenset[int]
    made: int
    test: bool


class Made(NamedTuple):
    """An executor or a timer."""

    number: int
    thing: weakref.ref[Any]
    stack: Stack


class Foreign(NamedTuple):
    """A lock that another thread than its holder has released."""

    name: str
    lock: str
    stack: Stack
    holder: str
    since: Stack


class Observer:
    """The observer."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._options = options
        self._held: dict[int, tuple[Link, ThreadState]] = {}
        self._foreign: dict[Any, Foreign] = {}
        self._made: list[Made] = []
        self._count = 0
        self._token = Token(frozenset(), frozenset(), 0, test=False)
        self._last: list[Finding] | None = None
        self._hung = False

    def listen(self, hooks: Hooks) -> None:
        """Begin to watch."""
        hooks.listen(
            ended=self.ended,
            foreign_release=self.foreign_release,
            made=self.made,
            urgent=self.urgent,
        )
        self._token = self.mark(test=False)

    def stop(self) -> None:
        """What is left now is left: afterwards nobody follows the threads."""
        if self._last is None and not self._token.test:
            self._last = self.since(self._token)

    def limits(self) -> list[str]:
        """Nothing that is worth a sentence."""
        return []

    def begin_test(self) -> None:
        """Whatever is there now is not this test's."""
        self._token = self.mark()
        self._held.clear()
        self._foreign.clear()
        self._hung = False

    def forget(self) -> None:
        """What was left has been reported; the next one begins with it."""
        self.begin_test()

    def ended(self, thread: ThreadState) -> None:
        """A thread ends: what it holds now it will never give back itself."""
        for link in thread.chain or ():
            if len(self._held) < KEPT:
                self._held[link.lock.number] = link, thread

    def foreign_release(self, me: ThreadState, lock: Held, holder: ThreadState) -> None:
        """A lock is released by another thread than its holder."""
        left = self._held.pop(lock.number, None)
        stack = capture(pristine.getframe(1))
        where = naming.user_frame(stack)
        if where not in self._foreign and len(self._foreign) < KEPT:
            since = left[0].stack if left is not None else ()
            name = naming.lock_name(lock)
            self._foreign[where] = Foreign(me.name, name, stack, holder.name, since)

    def urgent(self, finding: Finding) -> None:
        """Nothing moves any more: what is left behind now is left by that."""
        self._hung = True

    def made(self, kind: str, thing: Any) -> None:
        """An executor or a timer is made."""
        self._count += 1
        self._made.append(Made(self._count, weakref.ref(thing), capture(pristine.getframe(1))))
        if len(self._made) > KEPT:
            self._made = [one for one in self._made if one.thing() is not None][-KEPT:]

    def mark(self, *, test: bool = True) -> Token:
        """What is there now."""
        alive = frozenset(threads.alive)
        return Token(alive, frozenset(_held_here()), self._count, test)

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """What was left behind since the test, or the run, began."""
        yield from self.since(self._token) if self._last is None else self._last

    def since(self, token: Token) -> list[Finding]:
        """What was not there at `token` and is there now."""
        if self._hung:
            return [self._released(one) for one in list(self._foreign.values())]
        made = [one for one in self._made if one.number > token.made]
        timers = {thing._ident: one for one, thing in _alive(made, threading.Timer)}
        return [
            *self._locks(token),
            *map(self._released, list(self._foreign.values())),
            *self._threads(token, timers),
            *self._executors(made),
        ]

    def _locks(self, token: Token) -> Iterator[Finding]:
        for link, thread in list(self._held.values()):
            if getattr(link.lock, "owner", None) is thread:
                yield self._lock(link, thread, "the thread has ended, and nobody gave it back")
        for number, link in _held_here().items():
            if number not in token.held:
                yield self._lock(link, local.state, "nobody has given it back")

    def _lock(self, link: Link, thread: ThreadState, why: str) -> Finding:
        name = naming.lock_name(link.lock)
        note = f"`{name}` is taken and never given back"
        return self._finding(
            "RC304",
            name,
            f"`{name}` is still held: {why}",
            "acquire",
            link.stack,
            thread.name,
            note,
        )

    def _released(self, one: Foreign) -> Finding:
        message = f"`{one.lock}` is released by a thread that does not hold it"
        held = naming.at(one.since)
        evidence = [f"taken by {one.holder}{f' at {held}' if held else ''}"]
        evidence.append("a Lock allows it; whoever reads `with` elsewhere does not expect it")
        return self._finding(
            "RC306", one.lock, message, "release", one.stack, one.name, "", evidence
        )

    def _threads(self, token: Token, timers: dict[int, Made]) -> Iterator[Finding]:
        left = [state for state in _running(token) if state.ident not in timers]
        until = pristine.monotonic() + GRACE
        while any(state.ended is None for state in left) and pristine.monotonic() < until:
            pristine.sleep(0.01)
        for state in left:
            if state.ended is None and state.origin is not None:
                yield self._thread(state)
        idents = {state.ident for state in list(threads.alive.values()) if state.ended is None}
        for ident, one in timers.items():
            thing = one.thing()
            if ident in idents and thing is not None and not thing.finished._flag:
                yield self._timer(one, thing)

    def _thread(self, state: ThreadState) -> Finding:
        assert state.origin is not None
        runs = runs_what(state)
        message = f"A thread that runs `{runs}` is still there at the end"
        return self._finding(
            "RC802",
            runs,
            message,
            "start",
            state.origin.stack,
            state.origin.starter,
            "started here",
        )

    def _timer(self, one: Made, timer: Any) -> Finding:
        runs = _called(timer.function)
        message = f"A timer for `{runs}` is still waiting at the end"
        return self._finding("RC427", runs, message, "make", one.stack, "", "never cancelled")

    def _executors(self, made: list[Made]) -> Iterator[Finding]:
        for one, pool in _alive(made, object):
            if isinstance(pool, threading.Timer) or _is_shut(pool) or _is_lasting(pool):
                continue
            shown = frames(one.stack)
            if not shown or is_library(shown[0].path):
                continue
            kind, function = type(pool).__name__, shown[0].function
            message = f"A {kind} made in `{function}` is never shut down"
            note = "its threads live as long as it does"
            yield self._finding(
                "RC409", f"{kind} in {function}", message, "make", one.stack, "", note
            )

    def _finding(
        self,
        code: str,
        subject: str,
        message: str,
        role: str,
        stack: Stack,
        thread: str,
        note: str,
        evidence: list[str] | None = None,
    ) -> Finding:
        rule = self._options.rules.get(code, Rule(code, SEVERITIES.get(code, "error")))
        where = naming.spot(stack)
        step = Step(
            role, where.place, where.function, thread=thread, note=note, stack=callers(stack)
        )
        return Finding(
            code=code,
            name=rule.name,
            subject=subject,
            message=message,
            place=where.place,
            confidence=Confidence.OBSERVED,
            severity=Severity(rule.severity),
            steps=(step,),
            evidence=tuple(evidence or ()),
            help=rule.help,
            origin=Origin.RUN,
            context=where.function,
        )


def _held_here() -> dict[int, Link]:
    """What the calling thread holds."""
    state = local.__dict__.get("state")
    return {link.lock.number: link for link in (state.chain if state is not None else None) or ()}


def _running(token: Token) -> list[ThreadState]:
    """Threads of the program that are there and were not. Of a run, daemon threads are no leaks."""
    found = []
    for state in list(threads.alive.values()):
        if state.number in token.threads or state.ended is not None or state.origin is None:
            continue
        if state.daemon and (not token.test or _is_packages(state.origin.stack)):
            continue
        if not state.abandoned and not waitgraph.is_workers(state):
            found.append(state)
    return found


def _is_packages(stack: Stack) -> bool:
    """Whether it was started by an installed package, for itself."""
    shown = [frame for frame in frames(stack) if not is_standard(frame.path)]
    return bool(shown) and is_library(shown[0].path)


def runs_what(state: ThreadState) -> str:
    """The function that a thread runs, or its class if that has a `run` of its own."""
    thread = threading._active.get(state.ident)  # type: ignore[attr-defined]
    target = getattr(thread, "_target", None)
    if target is None:
        return type(thread).__name__ if thread is not None else state.name
    return _called(target)


def _called(function: Any) -> str:
    inner = getattr(function, "func", function)
    return str(getattr(inner, "__qualname__", None) or type(inner).__name__)


def _alive(made: list[Made], kind: type) -> Iterator[tuple[Made, Any]]:
    for one in made:
        thing = one.thing()
        if isinstance(thing, kind):
            yield one, thing


def _is_shut(pool: Any) -> bool:
    return bool(getattr(pool, "_shutdown", False) or getattr(pool, "_shutdown_thread", False))


def _is_lasting(pool: Any) -> bool:
    """Whether a module keeps it under a name: it is meant to live as long as the program."""
    spaces = {id(m.__dict__) for m in list(sys.modules.values()) if isinstance(m, ModuleType)}
    return any(id(holder) in spaces for holder in gc.get_referrers(pool))
