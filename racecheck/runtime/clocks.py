"""Vector clocks: who knows how much of whom (happens-before).

A thread publishes *stamps*; publishing costs no copy, because the knowledge of a thread is a
dictionary that is replaced and never changed. Two orders are kept. The *full* one has every edge. The
*hard* one leaves out mutual exclusion: two critical sections of one lock come in some order, but
nothing says which, so an order of locks that only a mutex explains can still deadlock.

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
    found = dict(mine)
    for other, tick in news.items():
        if found.get(other, 0) < tick:
            found[other] = tick
    if found.get(slot, 0) < clock:
        found[slot] = clock
    return found


class SyncClock:
    """The clock of an object at which threads meet: an event, a semaphore, a barrier, a future.

    Releases are joined, never overwritten: whoever passes an event has waited for all who set it.
    """

    __slots__ = ("hard", "known")

    def __init__(self) -> None:
        self.known: Knowledge = {}
        self.hard: Knowledge = {}

    def release(self, thread: ThreadState) -> None:
        """What `thread` did so far happens before whatever follows a later `acquire`."""
        now = thread.publish()
        self.known = merged(self.known, now.slot, now.clock, now.known)
        self.hard = merged(self.hard, now.slot, now.clock, now.hard)

    def acquire(self, thread: ThreadState) -> None:
        """Everything released here so far happens before what `thread` does next."""
        if self.known:
            thread.learn_all(self.known, self.hard)
