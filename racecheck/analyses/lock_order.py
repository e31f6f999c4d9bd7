"""The order in which locks are taken, and pairs of orders that contradict each other.

Two edges A -> B and B -> A are a potential deadlock unless both are always taken under one further
lock (a gate lock, Goodlock), or can only happen on one thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.critical import Critical, Pair, probed, same_lock, thread_locks
from racecheck.program.model import Function, Held, RoleKind


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """`first` is held when `second` is taken, on the way from `function`."""

    function: Function
    pair: Pair
    first: Held
    second: Held

    @property
    def gates(self) -> frozenset[str]:
        """Other locks held at the same time, which may keep two edges apart."""
        return frozenset(
            h.lock.id
            for h in self.pair.held
            if h.lock.id not in (self.first.lock.id, self.second.lock.id)
        )


def edges(critical: Critical) -> Iterator[Edge]:
    """All edges between two different lock objects, waited for without a limit."""
    for function, pair in critical.everything():
        lock = pair.lock
        if not pair.own or pair.event.kind != "acquire" or lock is None or pair.event.tries:
            continue
        if not thread_locks([lock]) or lock.lock.scope == "local":
            continue
        if any(same_lock(h, lock) for h in pair.held):
            continue
        free = probed(pair)
        for one in thread_locks(pair.own):
            if one.lock.scope != "local" and one.lock.id not in free and lock.lock.id not in free:
                yield Edge(function, pair, one, lock)


def inversions(found: list[Edge]) -> Iterator[tuple[Edge, Edge]]:
    """Pairs of edges in opposite order, one for each pair of locks."""
    by_pair: dict[tuple[str, str], list[Edge]] = {}
    for edge in found:
        by_pair.setdefault((edge.first.lock.id, edge.second.lock.id), []).append(edge)
    for key in sorted(by_pair):
        one, other = key
        if one >= other or (other, one) not in by_pair:
            continue
        if pair := _first_parallel(by_pair[key], by_pair[(other, one)]):
            yield pair


def _first_parallel(forward: list[Edge], backward: list[Edge]) -> tuple[Edge, Edge] | None:
    ranked_forward = sorted(forward, key=_directness)[:8]
    ranked_backward = sorted(backward, key=_directness)[:8]
    for a in ranked_forward:
        for b in ranked_backward:
            if not a.gates & b.gates and _parallel(a.function, b.function) and _linked(a, b):
                return a, b
    return None


def _directness(edge: Edge) -> tuple[int, str, int]:
    return len(edge.pair.trail), edge.function.id, edge.pair.event.line


def _parallel(one: Function, other: Function) -> bool:
    """Not both confined to one and the same event loop or to module import."""
    confined = frozenset({RoleKind.LOOP})
    return not (one.roles == confined and other.roles == confined)


def _linked(one: Edge, other: Edge) -> bool:
    """Do both speak of the same pair of objects, as far as the paths say?"""
    return _relation(one.first, one.second) and _relation(other.first, other.second)


def _relation(first: Held, second: Held) -> bool:
    """An object and one that it owns, two locks of one object, or a global: not two strangers."""
    if first.lock.scope != "instance" or second.lock.scope != "instance":
        return True
    return ":" not in first.base and ":" not in second.base
