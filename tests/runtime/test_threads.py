"""States of threads, their slots, and the gate."""

from __future__ import annotations

import threading

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.threads import (
    ASIDE,
    UNJOINED,
    Origin,
    Threads,
    ThreadState,
    current,
    is_aside,
    local,
)


@pytest.fixture
def threads() -> Threads:
    made = Threads()
    made.reset()
    return made


def me() -> ThreadState:
    return local.state


def fork(threads: Threads, parent: ThreadState) -> ThreadState:
    return threads.fork(parent, "child", Origin("Thread", parent.name, ()))


def test_a_child_knows_what_its_parent_did_before_and_not_after(threads: Threads) -> None:
    parent = me()
    before = parent.clock
    child = fork(threads, parent)
    assert child.knows(parent.slot, before)
    assert not child.knows(parent.slot, parent.clock)
    assert child.hard == child.known
    assert not parent.knows(child.slot, child.clock)


def test_whoever_joins_knows_all_that_was_done(threads: Threads) -> None:
    parent = me()
    child = fork(threads, parent)
    last = child.clock
    threads.join(parent, child)
    assert not parent.knows(child.slot, last), "it has not ended"
    threads.end(child)
    threads.join(parent, child)
    assert parent.knows(child.slot, last)


def test_a_slot_is_used_again_once_its_end_is_known(threads: Threads) -> None:
    parent = me()
    first = fork(threads, parent)
    threads.end(first)
    threads.join(parent, first)
    second = fork(threads, parent)
    assert second.slot == first.slot
    assert second.clock > first.clock - 1
    assert second.number != first.number
    assert second.knows(first.slot, first.clock - 1)


def test_a_slot_is_not_used_by_a_child_of_who_does_not_know_the_end(threads: Threads) -> None:
    parent = me()
    stranger = fork(threads, parent)
    first = fork(threads, parent)
    threads.end(first)
    threads.join(parent, first)
    assert fork(threads, stranger).slot != first.slot
    assert fork(threads, parent).slot == first.slot


def test_the_gate_is_open_while_there_is_more_than_one(threads: Threads) -> None:
    told: list[bool] = []
    threads.on_gate.append(told.append)
    parent = me()
    assert not threads.open
    one, two = fork(threads, parent), fork(threads, parent)
    for child in (one, two):
        threads.end(child)
    threads.join(parent, one)
    assert threads.open
    threads.join(parent, two)
    assert not threads.open
    assert told == [True, True, False]


def test_only_the_last_thread_closes_the_gate(threads: Threads) -> None:
    parent = me()
    one, two = fork(threads, parent), fork(threads, parent)
    threads.end(two)
    threads.join(one, two)
    assert threads.open


def test_a_thread_that_never_started_is_as_one_that_ended(threads: Threads) -> None:
    child = fork(threads, me())
    threads.discard(child)
    assert not threads.open
    assert fork(threads, me()).slot == child.slot


def test_slots_of_threads_that_nobody_joins_are_used_in_the_end(threads: Threads) -> None:
    parent = me()
    slots = set()
    for _ in range(3 * UNJOINED):
        child = fork(threads, parent)
        slots.add(child.slot)
        threads.end(child)
    assert len(slots) <= UNJOINED + 2
    assert len(threads.alive) <= UNJOINED + 3


def test_a_child_of_a_fork_is_alone_and_not_watched(threads: Threads) -> None:
    told: list[str] = []
    threads.on_fork.append(lambda: told.append("forked"))
    parent = me()
    fork(threads, parent)
    assert threads.open
    threads.forked()
    assert told == ["forked"]
    assert list(threads.alive.values()) == [parent]
    assert not threads.open
    fork(threads, parent)
    assert not threads.open
    threads.reset()
    fork(threads, me())
    assert threads.open


def test_an_unknown_thread_is_adopted_and_keeps_the_gate_open() -> None:
    from racecheck.runtime.threads import threads as real

    real.reset()
    found: list[ThreadState] = []
    done = pristine.allocate_lock()
    done.acquire()

    def body() -> None:
        found.append(current())
        found.append(current())
        done.release()

    pristine.start_new_thread(body, ())
    done.acquire()
    assert found[0] is found[1]
    assert found[0].daemon
    assert real.open
    assert real.foreign
    real.reset()


def test_names_of_known_threads_are_kept() -> None:
    from racecheck.runtime.threads import threads as real

    real.reset()
    assert current().name == threading.current_thread().name


def test_a_thread_that_runs_nothing_of_the_program_opens_no_gate(threads: Threads) -> None:
    parent = me()
    threads.fork(parent, "server", Origin("Thread", parent.name, ()), aside=True)
    assert not threads.open
    child = fork(threads, parent)
    assert threads.open
    threads.end(child)
    threads.join(parent, child)
    assert not threads.open


def test_only_plain_threads_of_known_modules_stand_aside() -> None:
    def serve() -> None:
        pass

    class Own(threading.Thread):
        pass

    assert not is_aside(threading.Thread(target=serve))
    serve.__module__ = next(iter(ASIDE))
    assert is_aside(threading.Thread(target=serve))
    assert not is_aside(Own(target=serve))
    assert not is_aside(threading.Timer(1, serve))
