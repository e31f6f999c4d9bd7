"""Vector clocks: who knows how much of whom (happens-before).

A thread publishes *stamps*; publishing costs no copy, because the knowledge of a thread is a
dictionary that is replaced and never changed. Two orders are kept. The *full* one has every edge.
The *hard* one leaves out mutual exclusion: two critical sections of one lock come in some order,
but nothing says which, so an order of locks that only a mutex explains can still deadlock.

Sources: Flanagan and Freund, FastTrack (PLDI 2009), for epochs; the second clock follows the
happens-before filter of lock-order analyses (Agarwal, Bensalem et al., Goodlock with segments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from racecheck.runtime.threads import ThreadState

Knowledge: TypeAlias = "dict[int, int]"
"""Slot of a thread to the last of its ticks that is known. Replaced, never changed in place."""


class Stamp(NamedTuple):
    """A moment in the life of a thread: everything it did up to `clock`, and all it knew then."""

    slot: int
    clock: int
    known: Knowledge
    hard: Knowledge


def merged(mine: Knowledge, slot: int, clock: int, news: Knowledge) -> Knowledge:
    """`mine` and `news` and the moment itself; a new dictionary."""
    if mine:
        found = mine.copy()
        for other, tick in news.items():
            if found.get(other, 0) < tick:
                found[other] = tick
    else:
        found = news.copy()
    if found.get(slot, 0) < clock:
        found[slot] = clock
    return found


class SyncClock:
    """The clock of an object at which threads meet: an event, a semaphore, a barrier, a future.

    Releases are joined, never overwritten: whoever passes an event has waited for all who set it.
    The last stamp of each slot is kept, since it covers the earlier ones; one store is atomic, so
    two threads (or a thread and a signal handler in the midst of it) need no lock here.
    """

    __slots__ = ("stamps",)

    def __init__(self) -> None:
        self.stamps: dict[int, Stamp] = {}

    def release(self, thread: ThreadState) -> None:
        """What `thread` did so far happens before whatever follows a later `acquire`."""
        self.add(thread.publish())

    def add(self, stamp: Stamp) -> None:
        """The same for a moment that was published before."""
        self.stamps[stamp.slot] = stamp

    def acquire(self, thread: ThreadState) -> None:
        """Everything released here so far happens before what `thread` does next."""
        if self.stamps:
            for stamp in self.stamps.copy().values():
                thread.learn(stamp)
