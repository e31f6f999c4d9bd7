"""The search for cycles, against a search that is too simple to be wrong."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import NamedTuple

import networkx
import pytest

from racecheck.runtime.cycles import LONGEST, Search, before, together


class Asked(NamedTuple):
    """A request."""

    thread: int
    held: frozenset[int]
    wants: int
    slot: int
    clock: int = 1
    hard: dict[int, int] = {}

    def __hash__(self) -> int:
        return hash(self[:5])


def asked(thread: int, held: str, wants: int, **more: object) -> Asked:
    return Asked(thread, frozenset(map(int, held)), wants, thread, **more)  # type: ignore[arg-type]


def found(requests: list[Asked]) -> list[tuple[Asked, ...]]:
    return list(Search(requests))  # type: ignore[arg-type]


ONE, TWO = asked(1, "1", 2), asked(2, "2", 1)


def test_two_threads_in_both_orders() -> None:
    assert found([ONE, TWO]) == [(ONE, TWO)]


@pytest.mark.parametrize(
    "second",
    [
        asked(1, "2", 1),
        asked(2, "1", 2),
        asked(2, "2", 3),
        asked(2, "2", 1, hard={1: 1}),
        Asked(3, frozenset({2}), 1, slot=1, clock=9),
    ],
    ids=["one thread", "one order", "other locks", "ordered", "a slot that was given on"],
)
def test_no_deadlock(second: Asked) -> None:
    assert found([ONE, second]) == []


def test_a_gate_lock_keeps_them_apart() -> None:
    assert found([asked(1, "91", 2), asked(2, "92", 1)]) == []
    assert len(found([asked(1, "91", 2), asked(2, "82", 1)])) == 1


def test_an_edge_that_came_earlier_orders_nothing() -> None:
    assert found([asked(1, "1", 2, clock=5), asked(2, "2", 1, hard={1: 4})])
    assert not found([asked(1, "1", 2, clock=5), asked(2, "2", 1, hard={1: 5})])


def test_three_in_a_circle_need_all_to_be_apart() -> None:
    circle = [asked(1, "1", 2), asked(2, "2", 3), asked(3, "3", 1)]
    assert len(found(circle)) == 1
    assert found([*circle[:2], asked(3, "3", 1, hard={2: 1})]) == []
    assert found([*circle[:2], asked(1, "3", 1)]) == []


def test_the_budget_ends_a_search() -> None:
    requests = [asked(n, str(n % 2), 1 - n % 2) for n in range(1, 60)]
    search = Search(requests, steps=100)  # type: ignore[arg-type]
    assert len(list(search)) < 900
    assert search.exhausted


def simple(requests: list[Asked]) -> set[frozenset[Asked]]:
    """All cycles, by trying everything."""
    out = set()
    for length in range(2, min(len(requests), LONGEST, 4) + 1):
        for chosen in permutations(requests, length):
            closed = zip(chosen, (*chosen[1:], chosen[0]), strict=True)
            apart = all(together(a, b) for i, a in enumerate(chosen) for b in chosen[:i])  # type: ignore[arg-type]
            if apart and all(one.wants in other.held for one, other in closed):
                out.add(frozenset(chosen))
    return out


@pytest.mark.parametrize("seed", range(60))
def test_against_trying_everything(seed: int) -> None:
    random = Random(seed)
    requests = unlike(random)
    cycles = found(requests)
    assert {frozenset(cycle) for cycle in cycles} == simple(requests)
    assert len(cycles) == len({tuple(cycle) for cycle in cycles})


def unlike(random: Random) -> list[Asked]:
    made: dict[object, Asked] = {}
    for _ in range(random.randint(2, 7)):
        thread = random.randint(1, 4)
        held = frozenset(random.sample(range(4), random.randint(1, 2)))
        wants = random.choice([n for n in range(4) if n not in held])
        other = random.randint(1, 4)
        hard = {other: random.randint(1, 3)} if other != thread and random.random() < 0.3 else {}
        one = Asked(thread, held, wants, thread, random.randint(1, 3), hard)
        made[thread, held, wants] = one
    return list(made.values())


@pytest.mark.parametrize("seed", range(30))
def test_without_conditions_it_finds_the_cycles_of_the_graph(seed: int) -> None:
    """One thread for each edge, single locks held: every simple cycle of the lock graph counts."""
    random = Random(seed)
    graph = networkx.gnp_random_graph(5, 0.4, seed=seed, directed=True)
    edges = list(graph.edges)
    random.shuffle(edges)
    requests = [asked(n, str(one), other) for n, (one, other) in enumerate(edges, 1)]
    expected = {frozenset(cycle) for cycle in networkx.simple_cycles(graph) if len(cycle) > 1}
    cycles = found(requests)
    assert {frozenset(one.wants for one in cycle) for cycle in cycles} == expected
    assert len(cycles) == len([c for c in networkx.simple_cycles(graph) if len(c) > 1])


def test_before_is_not_symmetric() -> None:
    later = asked(2, "2", 1, hard={1: 1})
    assert before(ONE, later) and not before(later, ONE)  # type: ignore[arg-type]
