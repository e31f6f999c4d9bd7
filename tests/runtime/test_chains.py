"""Chains of locks: each is told once, whatever the order in which locks are given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from racecheck.runtime.chains import ROOTS, drop, held, hold
from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import Stack
from racecheck.runtime.threads import ThreadState


class Fake:
    """A lock as a chain sees it."""

    kind = "Lock"
    made: Stack = ()

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"L{self.number}"


A, B, C = Fake(1), Fake(2), Fake(3)


@pytest.fixture
def thread() -> ThreadState:
    return ThreadState("thread", 101)


@pytest.fixture(autouse=True)
def told() -> Iterator[list[str]]:
    hooks.clear()
    found: list[str] = []
    hooks.listen(dependency=lambda _, link: found.append(repr([one.lock for one in link])))
    yield found
    hooks.clear()


def names(thread: ThreadState) -> str:
    return repr([link.lock for link in held(thread)])


def test_what_is_held_is_in_order(thread: ThreadState) -> None:
    for lock in (A, B, C):
        hold(thread, lock)
    assert names(thread) == "[L1, L2, L3]"
    for lock in (C, B, A):
        assert drop(thread, lock)
    assert names(thread) == "[]"


def test_a_dependency_is_told_once(thread: ThreadState, told: list[str]) -> None:
    for _ in range(3):
        hold(thread, A)
        hold(thread, B)
        drop(thread, B)
        drop(thread, A)
    assert told == ["[L2, L1]"]


def test_one_lock_alone_is_none(thread: ThreadState, told: list[str]) -> None:
    hold(thread, A)
    assert told == []


def test_another_chain_is_another_dependency(thread: ThreadState, told: list[str]) -> None:
    hold(thread, A)
    hold(thread, B)
    hold(thread, C)
    for lock in (C, B, A):
        drop(thread, lock)
    hold(thread, A)
    hold(thread, C)
    assert told == ["[L2, L1]", "[L3, L2, L1]", "[L3, L1]"]


def test_it_is_told_again_after_a_hard_edge(thread: ThreadState, told: list[str]) -> None:
    for _ in range(2):
        hold(thread, A)
        hold(thread, B)
        drop(thread, B)
        drop(thread, A)
        thread.publish()
    assert told == ["[L2, L1]"] * 2


def test_an_attempt_is_no_dependency_but_what_comes_below_it_is(
    thread: ThreadState, told: list[str]
) -> None:
    hold(thread, A)
    hold(thread, B, bounded=True)
    assert told == []
    hold(thread, C)
    assert told == ["[L3, L2, L1]"]
    for lock in (C, B):
        drop(thread, lock)
    hold(thread, B)
    assert told[1:] == ["[L2, L1]"]


@pytest.mark.parametrize("first", [A, B])
def test_locks_may_be_given_back_in_any_order(
    thread: ThreadState, told: list[str], first: Fake
) -> None:
    for lock in (A, B, C):
        hold(thread, lock)
    before = list(told)
    assert drop(thread, first)
    assert first not in [link.lock for link in held(thread)]
    assert [link.lock for link in held(thread)] == [x for x in (A, B, C) if x is not first]
    assert told == before


def test_what_is_not_held_cannot_be_dropped(thread: ThreadState) -> None:
    assert not drop(thread, A)
    hold(thread, A)
    assert not drop(thread, B)
    assert names(thread) == "[L1]"


def test_links_do_not_grow_for_ever(thread: ThreadState) -> None:
    for number in range(3 * ROOTS):
        lock = Fake(1000 + number)
        hold(thread, lock)
        drop(thread, lock)
    assert len(thread.roots) <= ROOTS


def test_a_number_that_another_lock_had_is_not_mistaken(thread: ThreadState) -> None:
    hold(thread, A)
    drop(thread, A)
    other = Fake(A.number)
    hold(thread, other)
    assert held(thread)[0].lock is other
