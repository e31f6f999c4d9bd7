"""Cycles of requests that can block each other for ever: the search behind potential deadlocks.

A request is made by a thread that holds something. Requests form a deadlock if each asks for what
the next one holds, and nothing keeps them from being made at once: their threads differ, no lock is
held by two of them (a gate), and no edge other than mutual exclusion orders one before another.

Sources: Goodlock with gate locks and happens-before (Havelund 2000; Agarwal, Bensalem, Farchi,
Havelund, Nir-Buchbinder, Stoller and Ur 2010).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final, Generic, Protocol, TypeVar

from racecheck.core.graph import components
from racecheck.runtime.clocks import Knowledge

LONGEST: Final = 8
"""Requests in a cycle; longer ones are not looked for."""

STEPS: Final = 200_000
"""Pairs of requests that are compared before the search gives up."""


class Request(Protocol):
    """One request. `held` and `wants` are resources: numbers of locks, the end of a thread."""

    @property
    def thread(self) -> int:
        """Number of the thread."""

    @property
    def wants(self) -> Hashable:
        """What is asked for."""

    @property
    def held(self) -> frozenset[Hashable]:
        """What is held."""

    @property
    def slot(self) -> int:
        """With `clock`: when."""

    @property
    def clock(self) -> int:
        """With `slot`: when."""

    @property
    def hard(self) -> Knowledge:
        """What is known to have happened before, mutual exclusion left out."""


Asked = TypeVar("Asked", bound=Request)


class Search(Generic[Asked]):
    """All cycles of some requests. `exhausted`: the budget ended it."""

    def __init__(self, requests: Sequence[Asked], steps: int = STEPS) -> None:
        self._requests = requests
        self._left = steps
        self._holders: dict[Hashable, list[int]] = {}
        self.exhausted = False

    def __iter__(self) -> Iterator[tuple[Asked, ...]]:
        """Each cycle once, the request first that comes first in the input."""
        parts = self._parts()
        for index, request in enumerate(self._requests):
            part = parts.get(request.wants)
            if part is not None:
                for held in request.held:
                    if parts.get(held) == part:
                        self._holders.setdefault(held, []).append(index)
        for start in sorted({i for indexes in self._holders.values() for i in indexes}):
            yield from self._from(start)

    def _parts(self) -> dict[Hashable, int]:
        """Resource to the number of its strongly connected component; others are on no cycle."""
        graph: dict[Hashable, set[Hashable]] = {}
        for request in self._requests:
            graph.setdefault(request.wants, set())
            for held in request.held:
                graph.setdefault(held, set()).add(request.wants)
        found = enumerate(components(graph))
        return {node: number for number, part in found if len(part) > 1 for node in part}

    def _from(self, start: int) -> Iterator[tuple[Asked, ...]]:
        paths: list[tuple[int, ...]] = [(start,)]
        while paths:
            path = paths.pop()
            last = self._requests[path[-1]]
            if len(path) > 1 and last.wants in self._requests[start].held:
                yield tuple(self._requests[index] for index in path)
                continue
            if len(path) == LONGEST:
                continue
            for index in reversed(self._holders.get(last.wants, ())):
                if index > start and self._fits(path, index):
                    paths.append((*path, index))

    def _fits(self, path: Sequence[int], index: int) -> bool:
        other = self._requests[index]
        for known in path:
            self._left -= 1
            if self._left < 0:
                self.exhausted = True
                return False
            if not together(self._requests[known], other):
                return False
        return True


def together(one: Request, other: Request) -> bool:
    """Whether two requests can be waiting at the same time."""
    return (
        one.thread != other.thread
        and not one.held & other.held
        and not before(one, other)
        and not before(other, one)
    )


def before(one: Request, other: Request) -> bool:
    """Whether one happens before the other by more than mutual exclusion.

    A slot is only given on when its last owner has ended, so two threads of one slot are ordered.
    """
    return one.slot == other.slot or other.hard.get(one.slot, 0) >= one.clock
