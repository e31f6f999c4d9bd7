"""`threading.Lock` and `threading.RLock` as classes: what they do, and who holds them.

Both originals are written in C and cannot be patched, so they are replaced by name. An object of
ours says that it is a `_thread.lock` (`__class__`), prints as one, and cannot be pickled, as one
cannot. Locks of modules whose primitives are modelled as a whole stay raw (`INTERNALS`).

Asynchronous exceptions (a signal handler that raises) must not leak a lock. CPython looks for them
when a call returns, so whatever comes between getting the lock and returning stands in a `try` that
gives it back. What remains is the entry of `__exit__`, which no Python code can close.
"""

from __future__ import annotations

import sys
from itertools import count
from types import FrameType
from typing import Any, Final, NoReturn

from racecheck.runtime import pristine
from racecheck.runtime.chains import drop, hold
from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.threads import ThreadState, current, local
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
_PICKLE: Final = "cannot pickle '{}' object"
_WARNS: Final = (
    "Passing arguments to RLock is deprecated and will be removed in 3.15"
    if (3, 13) <= sys.version_info < (3, 15)
    else ""
)


class _Standin(type):
    """The original's instances, made before we came or for `INTERNALS`, are instances as well."""

    __original__: type

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls, instance) or type(instance) is cls.__original__


class _Mutex:
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
                wait_until(thread, self._acquire, timeout, got)
            if got[-1]:
                self._got(thread, bounded=timeout >= 0)
                hooks.got(thread, self)
        except BaseException:
            if got and got[-1]:
                self._give_back(thread)
            raise
        return got[-1]

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


class Lock(_Mutex, metaclass=_Standin):
    """A mutex that knows its holder and its last release."""

    __slots__ = ()
    __original__ = pristine.LockType
    kind = "Lock"

    def __new__(cls) -> Any:
        """A lock; a raw one for modules whose locks are details."""
        frame = pristine.getframe(1)
        name = frame.f_globals.get("__name__")
        if name in INTERNALS:
            return pristine.allocate_lock()
        made = QuietLock if name in QUIET else Lock
        return made.around(pristine.allocate_lock(), capture(frame, MADE_DEPTH))

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.Lock.acquire`."""
        if timeout == -1 and (blocking is True or blocking == 1):
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
        try:
            if self._acquire(False):
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
            if self.owner is thread or (self.owner is None and self._raw.locked()):
                self._give_back(thread)
            raise
        return self._contended(thread)

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

    def release(self) -> None:
        """As `threading.Lock.release`; any thread may, as with the original."""
        self.__exit__()

    def locked(self) -> bool:
        """As `threading.Lock.locked`."""
        return bool(self._raw.locked())

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

    def __exit__(self, kind: object = None, error: object = None, trace: object = None) -> None:
        if self.owner is None:
            self._release()
        else:
            Lock.__exit__(self)

    def release(self) -> None:
        """As `threading.Lock.release`."""
        self.__exit__()


class RLock(_Mutex, metaclass=_Standin):
    """A re-entrant mutex; only the outermost acquisition and release count."""

    __slots__ = ("depth",)
    __original__ = pristine.RLockType
    kind = "RLock"
    depth: int

    def __new__(cls, *arguments: object, **named: object) -> Any:
        """A lock; a raw one for modules whose locks are details."""
        if (arguments or named) and _WARNS:
            import warnings

            warnings.warn(_WARNS, DeprecationWarning, stacklevel=2)
        frame = _maker(pristine.getframe(1))
        if cls is RLock and frame.f_globals.get("__name__") in INTERNALS:
            return pristine.make_rlock()
        return cls.around(pristine.make_rlock(), capture(frame, MADE_DEPTH))

    @classmethod
    def around(cls, raw: Any, made: Stack = ()) -> Any:
        """Around an original that exists."""
        self = super().around(raw, made)
        self.depth = 0
        return self

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As `threading.RLock.acquire`."""
        if timeout == -1 and (blocking is True or blocking == 1):
            return self.__enter__()
        thread = current()
        timed = isinstance(timeout, (int, float)) and timeout > 0
        if blocking and timed and self.owner is not thread:
            if not self._contended(thread, timeout):
                return False
            self.depth = 1
            return True
        if not self._acquire(blocking, timeout):
            return False
        self._entered(thread, bounded=True)
        return True

    def __enter__(self) -> bool:
        try:
            thread = local.state
        except AttributeError:
            thread = current()
        before = self.depth if self.owner is thread else 0
        try:
            if self._acquire(False):
                self._entered(thread, bounded=False)
                return True
        except BaseException:
            # Why: the original knows its owner, so there is no doubt here.
            if before:
                self.depth = before
                self._release()
            elif self._raw._is_owned():
                self._give_back(thread)
            raise
        self._contended(thread)
        self.depth = 1
        return True

    def _entered(self, thread: ThreadState, *, bounded: bool) -> None:
        if self.owner is thread:
            self.depth += 1
        else:
            self._got(thread, bounded=bounded)
            self.depth = 1

    def __exit__(self, kind: object = None, error: object = None, trace: object = None) -> None:
        me = current()
        if self.owner is not me:
            self._release()
            return
        try:
            self.depth -= 1
            if self.depth == 0:
                self._lose(me)
        finally:
            self._release()

    def release(self) -> None:
        """As `threading.RLock.release`."""
        self.__exit__()

    def _is_owned(self) -> bool:
        return bool(self._raw._is_owned())

    def _recursion_count(self) -> int:
        return int(self._raw._recursion_count())

    def locked(self) -> bool:
        """As `threading.RLock.locked` of newer versions; AttributeError where there is none."""
        return bool(self._raw.locked())

    def _release_save(self) -> Any:
        """Release it wholly, for `Condition.wait`; the state is that of the original."""
        me = current()
        if self.owner is me:
            self._lose(me)
        return self._raw._release_save()

    def _acquire_restore(self, state: Any) -> None:
        depth: int = state[0]
        thread = current()
        got = [bool(self._acquire(False))]
        if not got[-1]:
            with Wait.of(thread, "lock", self, -1, pristine.getframe(1)):
                wait_until(thread, self._acquire, -1, got)
        for _ in range(depth - 1):
            self._acquire()
        self._got(thread, bounded=False)
        self.depth = depth

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(_PICKLE.format("_thread.RLock"))

    def __repr__(self) -> str:
        text = repr(self._raw).replace(f"{id(self._raw):#x}", f"{id(self):#x}")
        return text.replace("_thread.RLock", type(self).__name__, 1)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for; a subclass of the user's stays what it is."""
        return pristine.RLockType if type(self) is RLock else type(self)


for _standin in (Lock, QuietLock, RLock):
    # Why: `type(lock)` is ours, and prints as the original.
    _standin.__module__ = _standin.__original__.__module__
    _standin.__name__ = _standin.__qualname__ = _standin.__original__.__name__


# Why: the interpreter names the type when it complains about an object.
Lock.__name__ = QuietLock.__name__ = "_thread.lock"
RLock.__name__ = "_thread.RLock"


def _maker(frame: FrameType) -> FrameType:
    """Whoever wanted the lock: a condition makes one for its own maker."""
    while frame.f_code.co_qualname == "Condition.__init__" and frame.f_back is not None:
        frame = frame.f_back
    return frame
