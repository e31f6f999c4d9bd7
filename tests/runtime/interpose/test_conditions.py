"""Who comes after whom: conditions, events, semaphores, barriers."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.hooks import hooks
from racecheck.runtime.session import Session
from racecheck.runtime.threads import current
from tests.runtime.interpose.order import Moment, Signal, knows, meets, now, orders, run

pytestmark = pytest.mark.usefixtures("session")


def test_threads_that_share_nothing_are_not_ordered() -> None:
    assert not orders(lambda: None, lambda: None)


def test_an_event_orders_who_set_it_before_who_waited() -> None:
    event = threading.Event()
    assert orders(event.set, event.wait)
    assert orders(event.set, event.is_set)
    assert orders(event.set, lambda: event.wait(0.1))


def test_an_event_orders_who_set_it_before_a_blocked_waiter() -> None:
    event = threading.Event()
    assert meets(event.wait, event.set, lambda: bool(event._cond._waiters))


def test_an_event_that_is_not_set_orders_nothing() -> None:
    event = threading.Event()
    assert not orders(event.clear, event.is_set)
    assert not orders(event.is_set, lambda: event.wait(0))
    event.set()
    assert not orders(event.wait, event.wait)
    assert not orders(event.wait, event.set)


def test_all_who_set_an_event_are_waited_for() -> None:
    event, moments, found = threading.Event(), list[Moment](), list[bool]()
    turns = [Signal(), Signal()]

    def setter(index: int) -> None:
        moments.append(now())
        event.set()
        turns[index].give()

    def waiter() -> None:
        for turn in turns:
            turn.take()
        event.wait()
        found.extend(map(knows, moments))

    run(lambda: setter(0), lambda: setter(1), waiter)
    assert found == [True, True]


@pytest.mark.parametrize("lock", ["", "Lock", "RLock"])
def test_a_condition_orders_who_notifies_before_who_is_woken(lock: str) -> None:
    made = [getattr(threading, lock)()] if lock else []
    condition = threading.Condition(*made)
    hard: list[bool] = []
    moments: list[Moment] = []

    def waiting() -> None:
        with condition:
            assert condition.wait(20)
        slot, clock = moments[0]
        hard.append(current().hard.get(slot, 0) >= clock)

    def waking() -> None:
        moments.append(now())
        with condition:
            condition.notify()

    assert meets(waiting, waking, lambda: bool(condition._waiters))
    assert hard == [True]


def test_a_condition_wakes_one_and_the_other_learns_of_no_hard_edge() -> None:
    condition, moments, hard = threading.Condition(), list[Moment](), list[bool]()

    def waiter() -> None:
        with condition:
            woken = condition.wait(0.3)
        if not woken:
            slot, clock = moments[0]
            hard.append(current().hard.get(slot, 0) >= clock)

    def waker() -> None:
        while len(condition._waiters) < 2:
            pristine.sleep(0.001)
        moments.append(now())
        with condition:
            condition.notify(1)

    run(waiter, waiter, waker)
    assert hard == [False]


def test_wait_for_sees_its_predicate_and_says_so() -> None:
    condition, ready, said = threading.Condition(), list[int](), list[Any]()
    hooks.listen(
        waiting=lambda _thread, which, how: said.append((which is condition, how)),
        notified=lambda _thread, which, count: said.append((which is condition, count)),
    )

    def waiting() -> None:
        with condition:
            assert condition.wait_for(lambda: ready)

    def waking() -> None:
        with condition:
            ready.append(1)
            condition.notify_all()

    assert meets(waiting, waking, lambda: bool(condition._waiters))
    with condition:
        condition.notify()
        assert not condition.wait(0.001)
    assert said == [(True, "wait_for"), (True, 1), (True, 0), (True, "wait")]


def test_details_of_other_primitives_are_not_told() -> None:
    said: list[Any] = []
    hooks.listen(
        waiting=lambda *told: said.append(told),
        notified=lambda *told: said.append(told),
    )
    event = threading.Event()
    meets(event.wait, event.set, lambda: bool(event._cond._waiters))
    assert said == []


def test_a_wait_says_what_the_user_waits_for(session: Session) -> None:
    said: list[tuple[str, Any, bool]] = []
    hooks.listen(blocked=lambda _, wait: said.append((wait.kind, wait.target, wait.timed)))
    event, semaphore = threading.Event(), threading.Semaphore(0)
    condition, barrier = threading.Condition(), threading.Barrier(2)
    event.wait(0.001)
    semaphore.acquire(timeout=0.001)
    with pytest.raises(threading.BrokenBarrierError):
        barrier.wait(0.001)
    with condition:
        condition.wait(0.001)
    event.set()
    event.wait()
    assert said == [
        ("event", event, True),
        ("semaphore", semaphore, True),
        ("barrier", barrier, True),
        ("condition", condition, True),
    ]


@pytest.mark.parametrize("kind", ["Semaphore", "BoundedSemaphore"])
def test_a_semaphore_orders_a_release_before_the_acquisition_that_needs_it(kind: str) -> None:
    semaphore = getattr(threading, kind)(1)
    semaphore.acquire()
    assert orders(semaphore.release, semaphore.acquire)
    assert meets(semaphore.acquire, semaphore.release, lambda: bool(semaphore._cond._waiters))
    assert not orders(lambda: semaphore.acquire(blocking=False), lambda: None)


def test_permits_that_were_there_order_nothing() -> None:
    semaphore = threading.Semaphore(2)

    def use() -> None:
        with semaphore:
            pass

    assert not orders(use, use)
    assert not orders(use, use)


def test_the_permits_that_a_thread_holds_are_counted() -> None:
    semaphore, thread = threading.Semaphore(3), current()
    semaphore.acquire()
    with semaphore:
        assert thread.permits == 2
    assert thread.permits == 1
    semaphore.release(2)
    assert thread.permits == 0, "released what another thread had acquired"


def test_a_semaphore_with_one_permit_is_a_mutex() -> None:
    semaphore = threading.Semaphore()

    def use() -> None:
        with semaphore:
            pass

    assert orders(use, use)
    assert orders(use, use)


def test_whoever_takes_all_permits_knows_all_who_gave_them() -> None:
    semaphore, moments = threading.Semaphore(0), list[Moment]()

    def give() -> None:
        moments.append(now())
        semaphore.release()

    given, found = Signal(), list[bool]()

    def give_two() -> None:
        run(give, give)
        given.give()

    def take_two() -> None:
        given.take()
        semaphore.acquire()
        semaphore.acquire()
        found.extend(map(knows, moments))

    run(give_two, take_two)
    assert found == [True, True]


def test_a_release_that_fails_gives_nothing() -> None:
    semaphore = threading.BoundedSemaphore(1)

    def too_often() -> None:
        with pytest.raises(ValueError, match="released too many times"):
            semaphore.release()

    def use() -> None:
        with semaphore:
            pass

    assert not orders(too_often, use)
    assert not orders(too_often, use)


def test_a_barrier_orders_everybody_before_everybody() -> None:
    barrier, moments, found = threading.Barrier(3), dict[int, Moment](), list[bool]()

    def arrive(index: int) -> None:
        moments[index] = now()
        barrier.wait()
        found.extend(knows(moment) for moment in moments.values())

    run(*(lambda i=i: arrive(i) for i in range(3)))  # type: ignore[misc]
    assert found == [True] * 9


def test_what_comes_after_a_barrier_is_not_ordered() -> None:
    barrier, moments, found = threading.Barrier(2), list[Moment](), list[bool]()
    done = Signal()

    def one() -> None:
        barrier.wait()
        moments.append(now())
        done.give()

    def two() -> None:
        barrier.wait()
        done.take()
        found.append(knows(moments[0]))

    run(one, two)
    assert found == [False]


def test_the_next_round_of_a_barrier_is_another_one() -> None:
    barrier, moments, found = threading.Barrier(2), list[Moment](), list[bool]()
    early = Signal()

    def one() -> None:
        barrier.wait()
        moments.append(now())
        early.give()
        barrier.wait()

    def two() -> None:
        barrier.wait()
        early.take()
        found.append(knows(moments[0]))
        barrier.wait()
        found.append(knows(moments[0]))

    run(one, two)
    assert found == [False, True]


def test_the_action_of_a_barrier_comes_after_all_and_before_all() -> None:
    moments, action, found = dict[int, Moment](), list[Moment](), list[bool]()

    def act() -> None:
        found.extend(knows(moment) for moment in moments.values())
        action.append(now())

    barrier = threading.Barrier(2, act)

    def arrive(index: int) -> None:
        moments[index] = now()
        barrier.wait()
        found.append(knows(action[0]))

    run(lambda: arrive(0), lambda: arrive(1))
    assert found == [True] * 4


@pytest.mark.parametrize("how", ["abort", "reset"])
def test_a_broken_barrier_orders_who_broke_it_before_who_was_waiting(how: str) -> None:
    barrier = threading.Barrier(2)

    def waiting() -> None:
        with pytest.raises(threading.BrokenBarrierError):
            barrier.wait()

    assert meets(waiting, getattr(barrier, how), lambda: barrier.n_waiting == 1)
