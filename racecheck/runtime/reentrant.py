"""`threading.RLock` as a class: what it does, and who holds it."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final, NoReturn

from racecheck.runtime import pristine
from racecheck.runtime.chains import hold
from racecheck.runtime.locks import INTERNALS, MADE_DEPTH, Mutex, Standin, learn
from racecheck.runtime.stacks import Stack, capture
from racecheck.runtime.threads import ThreadState, current, local
from racecheck.runtime.undisturbed import undisturbed
from racecheck.runtime.waits import Wait, wait_until

_WARNS: Final = (
    "Passing arguments to RLock is deprecated and will be removed in 3.15"
    if (3, 13) <= sys.version_info < (3, 15)
    else ""
)


class RLock(Mutex, metaclass=Standin):
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
        if timeout == -1 and blocking in (True, 1):
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
                if before:
                    self.depth = before + 1
                    return True
                stamp = self.stamp
                if stamp is not None and stamp[0] != thread.slot:
                    learn(thread, stamp)
                self.owner = thread
                self.depth = 1
                above = thread.chain
                link = (thread.roots if above is None else above.below).get(self.number)
                if link is not None:
                    thread.chain = link
                else:
                    hold(thread, self)
                return True
        except BaseException:
            self._undo(thread, before)
            raise
        self._contended(thread)
        self.depth = 1
        return True

    def _undo(self, thread: ThreadState, before: int) -> None:
        """Getting it was interrupted; the original knows its owner and how often it has it."""
        if not self._raw._is_owned():
            return
        if before:
            self.depth = before
            if self._raw._recursion_count() > before:
                self._release()
        else:
            self._give_back(thread)

    def _entered(self, thread: ThreadState, *, bounded: bool) -> None:
        if self.owner is thread:
            self.depth += 1
        else:
            self._got(thread, bounded=bounded)
            self.depth = 1

    @undisturbed
    def __exit__(self, kind: object = None, error: object = None, trace: object = None) -> None:
        try:
            me = local.state
            if self.owner is me:
                depth = self.depth = self.depth - 1
                if depth == 0:
                    link = me.chain
                    if link is not None and link.lock is self:
                        self.owner = None
                        self.stamp = (me.slot, me.clock, me.known)
                        me.clock += 1
                        if me.seen:
                            me.seen = set()
                        me.chain = link.above
                    else:
                        self._lose(me)
        except AttributeError:
            pass  # a thread that we do not know, so it does not hold it
        finally:
            self._release()

    @undisturbed
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
                wait_until(thread, self._acquire, -1, got, self._free)
        for _ in range(depth - 1):
            self._acquire()
        self._got(thread, bounded=False)
        self.depth = depth

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("cannot pickle '_thread.RLock' object")

    def __repr__(self) -> str:
        text = repr(self._raw).replace(f"{id(self._raw):#x}", f"{id(self):#x}")
        return text.replace("_thread.RLock", type(self).__name__, 1)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for; a subclass of the user's stays what it is."""
        return pristine.RLockType if type(self) is RLock else type(self)


# Why: as with locks, `type` prints as the original.
RLock.__module__ = "_thread"
RLock.__qualname__ = "RLock"
RLock.__name__ = "_thread.RLock"


def _maker(frame: FrameType) -> FrameType:
    """Whoever wanted the lock: a condition makes one for its own maker."""
    while frame.f_code.co_qualname == "Condition.__init__" and frame.f_back is not None:
        frame = frame.f_back
    return frame
