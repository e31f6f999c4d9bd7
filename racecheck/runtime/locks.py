"""`threading.Lock` as a class: what it does, and who holds it; `reentrant.py` has the other one.

Both originals are written in C and cannot be patched, so they are replaced by name. An object of
ours says that it is a `_thread.lock` (`__class__`), prints as one, and cannot be pickled, as one
cannot. Locks of modules whose primitives are modelled as a whole stay raw (`INTERNALS`).

Asynchronous exceptions (a signal handler that raises) must not leak a lock. CPython looks for them
when a call returns and when a function is entered. So whatever comes between getting the lock and
returning stands in a `try` that gives it back, and what releases it is `undisturbed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, repeat
from typing import Any, Final, NoReturn

from racecheck.runtime import pristine
from racecheck.runtime.chains import drop, hold
from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.threads import ThreadState, current, local
from racecheck.runtime.undisturbed import undisturbed
from racecheck.runtime.waits import Wait, wait_until

INTERNALS: Final = frozenset(
    {
        *("_frozen_importlib", "_frozen_importlib_external"),
        *("importlib._bootstrap", "importlib._bootstrap_external", "threading", "_weakrefset"),
        *("concurrent.futures._base", "concurrent.futures.thread", "concurrent.futures.process"),
        *("multiprocessing.pool", "multiprocessing.queues", "multiprocessing.synchronize"),
        *("multiprocessing.connection", "multiprocessing.managers", "multiprocessing.util"),
        *("multiprocessing.resource_tracker", "multiprocessing.popen_fork"),
    }
)
"""Modules whose own locks are details of primitives that are modelled as a whole."""

QUIET: Final = frozenset({"queue"})
"""Modules whose locks users may take themselves (`queue.mutex`): silent only inside the module."""

MADE_DEPTH: Final = 6
"""Frames kept of the place where a lock was made: its constructor's caller and a few beyond."""

_numbers: Final = count(1)
_AT_ONCE: Final = repeat(False)
_PICKLE: Final = "cannot pickle '{}' object"


class Standin(type):
    """The original's instances, made before we came or for `INTERNALS`, are instances as well."""

    __original__: type

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls, instance) or type(instance) is cls.__original__


class Mutex:
    """What both have: the holder, the stamp of the last release, where it was made."""

    __slots__ = ("__weakref__", "_acquire", "_raw", "_release", "made", "number", "owner", "stamp")
    kind = ""
    _acquire: Any
    _raw: Any
    _release: Any
    made: Stack
    number: int
    owner: ThreadState | None
    stamp: tuple[int, int, dict[int, int]] | None

    @classmethod
    def around(cls, raw: Any, made: Stack = ()) -> Any:
        """Around an original that exists, held or not."""
        self = object.__new__(cls)
        self._raw = raw
        self._acquire = raw.acquire
        self._release = raw.release
        self.number = next(_numbers)
        self.made = made
        self.owner = None
        self.stamp = None
        return self

    def _got(self, thread: ThreadState, *, bounded: bool) -> None:
        """The original is ours: learn from who had it before."""
        stamp = self.stamp
        if stamp is not None:
            learn(thread, stamp)
        self.owner = thread
        hold(thread, self, bounded=bounded)

    def _lose(self, me: ThreadState) -> None:
        """About to be released by `me`: what it did so far is for whoever comes next."""
        holder, self.owner = self.owner, None
        self.stamp = (me.slot, me.clock, me.known)
        me.clock += 1
        if me.seen:
            me.seen = set()
        if holder is not None and drop(holder, self) and holder is not me:
            hooks.foreign_release(me, self, holder)

    def _contended(self, thread: ThreadState, timeout: float = -1) -> bool:
        """Block for it. `got` is filled by C code, so no exception can come in between."""
        got: list[bool] = []
        try:
            with Wait.of(thread, "lock", self, timeout, pristine.getframe(2)):
                wait_until(thread, self._acquire, timeout, got, self._free)
            if got[-1]:
                self._got(thread, bounded=timeout >= 0)
                hooks.got(thread, self)
        except BaseException:
            if got and got[-1]:
                self._give_back(thread)
            raise
        return got[-1]

    def _free(self) -> bool:
        """Whether nobody holds it."""
        return self.owner is None

    def _give_back(self, thread: ThreadState) -> None:
        if self.owner is thread:
            self._lose(thread)
        self._release()

    def _at_fork_reinit(self) -> None:
        self._raw._at_fork_reinit()
        self.owner = None
        self.stamp = None


def learn(thread: ThreadState, stamp: tuple[int, int, dict[int, int]]) -> None:
    """A mutex orders what it guards, but not which of two critical sections comes first."""
    slot, clock, known = stamp
    mine = thread.known
    if slot != thread.slot and mine.get(slot, 0) < clock:
        found = dict(mine)
        for other, tick in known.items():
            if found.get(other, 0) < tick:
                found[other] = tick
        found[slot] = clock
        thread.known = found


_somebody: Final = ThreadState("unknown")
"""The holder of a lock that was held before we came."""


class Lock(Mutex, metaclass=Standin):
    """A mutex that knows its holder and its last release."""

    __slots__ = ("_tries",)
    __original__ = pristine.LockType
    kind = "Lock"
    _tries: Iterator[bool]

    def __new__(cls) -> Any:
        """A lock; a raw one for modules whose locks are details."""
        frame = pristine.getframe(1)
        name = frame.f_globals.get("__name__")
        if name in INTERNALS:
            return pristine.allocate_lock()
        made = QuietLock if name in QUIET else cls
        return made.around(pristine.allocate_lock(), capture(frame, MADE_DEPTH))

    @classmethod
    def around(cls, raw: Any, made: Stack = ()) -> Any:
        """Around an original that exists, held or not."""
        self = super().around(raw, made)
        self._tries = map(raw.acquire, _AT_ONCE)
        if raw.locked():
            self.owner = _somebody
        return self

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.Lock.acquire`."""
        if timeout == -1 and blocking in (True, 1):
            return self.__enter__()
        thread = current()
        if blocking and isinstance(timeout, (int, float)) and timeout > 0:
            return self._contended(thread, timeout)
        try:
            # Why: the original knows best what it complains about.
            if not self._acquire(blocking, timeout):
                return False
            self._got(thread, bounded=True)
        except BaseException:
            if self.owner is thread:
                self._give_back(thread)
            raise
        return True

    def __enter__(self) -> bool:
        try:
            thread = local.state
        except AttributeError:
            thread = current()
        got = False
        try:
            # Why a loop: between asking and storing the answer no signal is looked for, and if one
            # comes later we know whether the lock is ours or has just been got by somebody else.
            for got in self._tries:  # noqa: B007 - it is used below
                break
            if got:
                stamp = self.stamp
                if stamp is not None and stamp[0] != thread.slot:
                    learn(thread, stamp)
                self.owner = thread
                above = thread.chain
                link = (thread.roots if above is None else above.below).get(self.number)
                if link is not None:
                    thread.chain = link
                else:
                    hold(thread, self)
                return True
        except BaseException:
            if got:
                self._give_back(thread)
            raise
        return self._contended(thread)

    @undisturbed
    def __exit__(self, kind: object = None, error: object = None, trace: object = None) -> None:
        try:
            me = local.state
            link = me.chain
            if link is not None and link.lock is self and self.owner is me:
                self.owner = None
                self.stamp = (me.slot, me.clock, me.known)
                me.clock += 1
                if me.seen:
                    me.seen = set()
                me.chain = link.above
            elif self.owner is not None:
                self._lose(me)
        except AttributeError:
            if self.owner is not None:
                self._lose(current())
        finally:
            self._release()

    @undisturbed
    def release(self) -> None:
        """As `threading.Lock.release`; any thread may, as with the original."""
        self.__exit__()

    def locked(self) -> bool:
        """As `threading.Lock.locked`."""
        return bool(self._raw.locked())

    def _free(self) -> bool:
        return not self._raw.locked()

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def __init_subclass__(cls, ours: bool = False) -> None:
        if not ours:
            raise TypeError("type '_thread.lock' is not an acceptable base type")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(_PICKLE.format("_thread.lock"))

    def __repr__(self) -> str:
        state = "locked" if self._raw.locked() else "unlocked"
        return f"<{state} _thread.lock object at {id(self):#x}>"

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for."""
        return pristine.LockType


class QuietLock(Lock, ours=True):
    """The mutex of a queue: a lock for whoever takes it, nothing inside the queue's methods."""

    __slots__ = ()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.Lock.acquire`."""
        if current().muted:
            return bool(self._acquire(blocking, timeout))
        return Lock.acquire(self, blocking, timeout)

    def __enter__(self) -> bool:
        if current().muted:
            return bool(self._acquire())
        return Lock.__enter__(self)

    @undisturbed
    def __exit__(self, kind: object = None, error: object = None, trace: object = None) -> None:
        if self.owner is None:
            self._release()
        else:
            Lock.__exit__(self)

    @undisturbed
    def release(self) -> None:
        """As `threading.Lock.release`."""
        self.__exit__()


for _standin in (Lock, QuietLock):
    # Why: `type(lock)` is ours, and prints as the original, also when the interpreter complains.
    _standin.__module__ = "_thread"
    _standin.__qualname__ = "lock"
    _standin.__name__ = "_thread.lock"
