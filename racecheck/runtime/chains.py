"""What a thread holds, as a chain of links; each chain of locks is looked at once (as in lockdep).

Taking a lock follows or makes a link below the top one. Only a new link with something above
it is a new dependency, so a lock taken in a loop costs one dictionary look-up. The links of a
thread are forgotten at each of its hard edges, since the same chain is then another dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from racecheck.runtime import pristine
from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import Stack, capture

if TYPE_CHECKING:
    from racecheck.runtime.threads import ThreadState

ROOTS: Final = 512
"""Links kept below one; with a lock for each of a million objects they would grow for ever."""


class Held(Protocol):
    """A lock as a chain sees it. `number` is unique over the run; `made` is where it was made."""

    @property
    def number(self) -> int:
        """Unique over the run."""

    @property
    def made(self) -> Stack:
        """Where it was made."""

    @property
    def kind(self) -> str:
        """The name of its type: Lock, RLock, Semaphore."""


class Link:
    """One lock held below others. `stack` is where the thread first took it in this chain.

    `clock` is a tick of the thread between the hard edges before that and after it.
    """

    __slots__ = ("above", "below", "clock", "lock", "stack")

    def __init__(self, lock: Held, above: Link | None, stack: Stack, clock: int) -> None:
        self.lock = lock
        self.above = above
        self.stack = stack
        self.clock = clock
        self.below: dict[int, Link] = {}

    def __iter__(self) -> Iterator[Link]:
        """This link and those above it, the lock taken last first."""
        link: Link | None = self
        while link is not None:
            yield link
            link = link.above


def hold(thread: ThreadState, lock: Held, *, bounded: bool = False) -> None:
    """`thread` has got `lock`. `bounded`: by a try or with a timeout, so it cannot deadlock."""
    above = thread.chain
    below = thread.roots if above is None else above.below
    link = below.get(lock.number)
    if link is None or link.lock is not lock:
        link = _extend(thread, lock, above, below, bounded)
    thread.chain = link


def _extend(
    thread: ThreadState, lock: Held, above: Link | None, below: dict[int, Link], bounded: bool
) -> Link:
    link = Link(lock, above, capture(pristine.getframe(2)), thread.clock)
    if len(below) >= ROOTS:
        below.clear()
    if not (bounded and above is not None):
        # Why: a try-lock is no dependency; the same chain without one must be looked at later.
        below[lock.number] = link
        if above is not None:
            hooks.dependency(thread, link)
        else:
            hooks.taken(thread, link)
    return link


def drop(thread: ThreadState, lock: Held) -> bool:
    """`thread` has given `lock` back, in whatever order. False: it did not hold it."""
    top = thread.chain
    if top is None:
        return False
    if top.lock is lock:
        thread.chain = top.above
        return True
    links = list(top)
    if all(link.lock is not lock for link in links):
        return False
    chain: Link | None = None
    for link in reversed(links):
        if link.lock is not lock:
            chain = _again(link, chain)
    thread.chain = chain
    return True


def _again(link: Link, above: Link | None) -> Link:
    """The same lock below another one. No dependency: it was taken before the other was dropped."""
    return link if link.above is above else Link(link.lock, above, link.stack, link.clock)


def held(thread: ThreadState) -> tuple[Link, ...]:
    """What `thread` holds, the lock taken first first."""
    return () if thread.chain is None else tuple(reversed(list(thread.chain)))
