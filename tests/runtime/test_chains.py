"""Chains of locks, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from racecheck.runtime import chains
from racecheck.runtime.chains import Link, drop, held, hold
from racecheck.runtime.hooks import hooks
from racecheck.runtime.threads import ThreadState
from tests.runtime.observers.scene import Mutex


class Told:
    """What the hooks said: the numbers of the locks of each chain, the lock taken last first."""

    def __init__(self) -> None:
        self.nested: list[list[int]] = []
        self.single: list[list[int]] = []
        hooks.clear()
        hooks.listen(
            dependency=lambda _, link: self.nested.append(numbers(link)),
            taken=lambda _, link: self.single.append(numbers(link)),
        )


def numbers(link: Link) -> list[int]:
    return [one.lock.number for one in link]


@pytest.fixture
def told() -> Iterator[Told]:
    yield Told()
    hooks.clear()


@pytest.fixture
def thread() -> ThreadState:
    return ThreadState("t")


A, B, C = Mutex(1), Mutex(2), Mutex(3)


def take(thread: ThreadState, *locks: Mutex, bounded: bool = False) -> None:
    for lock in locks:
        hold(thread, lock, bounded=bounded)


def test_a_chain_is_told_once_in_an_epoch(thread: ThreadState, told: Told) -> None:
    for _ in range(3):
        take(thread, A, B)
        assert drop(thread, B) and drop(thread, A)
    assert (told.single, told.nested) == ([[1]], [[2, 1]])
    thread.publish()
    take(thread, A, B)
    assert (told.single, told.nested) == ([[1]] * 2, [[2, 1]] * 2)


def test_a_try_is_no_dependency_but_is_held(thread: ThreadState, told: Told) -> None:
    take(thread, A)
    take(thread, B, bounded=True)
    assert told.nested == []
    take(thread, C)
    assert told.nested == [[3, 2, 1]]
    for lock in (C, B):
        drop(thread, lock)
    take(thread, B)
    assert told.nested[1:] == [[2, 1]]


def test_released_in_another_order(thread: ThreadState, told: Told) -> None:
    take(thread, A, B, C)
    assert drop(thread, A)
    assert [link.lock.number for link in held(thread)] == [2, 3]
    assert drop(thread, C) and drop(thread, B)
    assert held(thread) == ()
    assert told.nested == [[2, 1], [3, 2, 1]]


def test_what_is_not_held_cannot_be_dropped(thread: ThreadState, told: Told) -> None:
    assert not drop(thread, A)
    take(thread, A)
    assert not drop(thread, B)
    assert told.single == [[1]]


def test_a_link_knows_its_epoch(thread: ThreadState, told: Told) -> None:
    take(thread, A)
    first = thread.clock
    thread.publish()
    take(thread, B)
    assert [link.clock for link in held(thread)] == [first, thread.clock]
    drop(thread, A)
    assert [link.clock for link in held(thread)] == [thread.clock]
    assert told.single == [[1]]


def test_few_links_are_kept(
    thread: ThreadState, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chains, "ROOTS", 10)
    for number in range(100):
        lock = Mutex(number)
        take(thread, lock)
        drop(thread, lock)
    assert len(thread.roots) <= 10
    assert len(told.single) == 100
