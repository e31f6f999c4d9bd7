"""Locks as classes: who holds them, what they order, and that nothing leaks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.chains import held
from racecheck.runtime.hooks import hooks
from racecheck.runtime.locks import INTERNALS, Lock, QuietLock
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.reentrant import RLock
from racecheck.runtime.session import Session
from racecheck.runtime.stacks import users
from racecheck.runtime.threads import current, threads
from racecheck.runtime.waits import Abandoned
from tests.runtime.interpose.order import Signal, meets, now, orders, run

KINDS = [Lock, RLock]


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    made = Session(RuntimeOptions(watch=()))
    made.start()
    yield
    made.stop()
    assert made.faults() == []


@pytest.fixture(params=KINDS)
def lock(request: pytest.FixtureRequest) -> Any:
    return request.param()


def use(lock: Any) -> None:
    with lock:
        pass


def call(lock: Any) -> None:
    assert lock.acquire(timeout=5)
    lock.release()


def attempt(lock: Any) -> None:
    assert lock.acquire(blocking=False)
    lock.release()


@pytest.mark.parametrize("first", [use, call, attempt])
@pytest.mark.parametrize("second", [use, call, attempt])
def test_a_critical_section_knows_the_one_before(lock: Any, first: Any, second: Any) -> None:
    assert orders(lambda: first(lock), lambda: second(lock))


def test_another_lock_orders_nothing(lock: Any) -> None:
    other = type(lock)()
    assert not orders(lambda: use(lock), lambda: use(other))


def test_a_failed_attempt_learns_nothing(lock: Any) -> None:
    taken, done = Signal(), Signal()
    found: list[bool] = []

    def holder() -> None:
        with lock:
            taken.give()
            done.take()

    def tries() -> None:
        taken.take()
        slot = threads_but_me()
        assert not lock.acquire(blocking=False)
        assert not lock.acquire(timeout=0.001)
        found.append(all(slot != known for known in current().known))
        done.give()

    def threads_but_me() -> int:
        return int(lock.owner.slot)

    run(holder, tries)
    assert found == [True]


def test_a_mutex_is_no_hard_edge(lock: Any) -> None:
    hard: list[int] = []
    moments: list[Any] = []

    def first() -> None:
        moments.append(now())
        use(lock)

    def second() -> None:
        use(lock)
        slot, clock = moments[0]
        hard.append(current().hard.get(slot, 0) >= clock)

    assert orders(first, second)
    assert hard == [False]


def test_whoever_waits_is_told_of_and_comes_after(lock: Any) -> None:
    told: list[Any] = []
    hooks.listen(
        blocked=lambda _, wait: told.append((wait.kind, wait.target is lock)),
        got=lambda _, which: told.append(("got", which is lock)),
    )
    lock.acquire()
    found: list[bool] = []
    before = now()

    def waits() -> None:
        with lock:
            found.append(current().knows(*before))

    thread = threading.Thread(target=waits)
    thread.start()
    while ("lock", True) not in told:
        pristine.sleep(0.001)
    lock.release()
    thread.join()
    assert found == [True]
    assert ("got", True) in told


def test_the_holder_and_the_chain_are_known(lock: Any) -> None:
    other = Lock()
    with lock, other:
        assert lock.owner is current()
        assert [link.lock for link in held(current())] == [lock, other]
        lock.release()
        assert [link.lock for link in held(current())] == [other]
        lock.acquire()
    assert lock.owner is None
    assert held(current()) == ()


def test_an_inner_acquisition_of_an_rlock_counts_for_nothing() -> None:
    lock = RLock()
    with lock:
        stamp = lock.stamp
        with lock:
            assert lock.depth == 2
            assert [link.lock for link in held(current())] == [lock]
        assert lock.stamp is stamp
        assert lock.acquire(False)
        assert lock.acquire(timeout=1)
        lock.release()
        lock.release()
    assert lock.owner is None


def test_another_thread_may_release_a_lock_and_that_is_told() -> None:
    told: list[Any] = []
    hooks.listen(foreign_release=lambda me, lock, holder: told.append((me, lock, holder)))
    lock, main = Lock(), current()
    lock.acquire()
    moment = now()
    assert meets(lambda: use(lock), lock.release, lambda: True)
    assert [(entry[1], entry[2]) for entry in told] == [(lock, main)]
    assert held(main) == ()
    assert current().knows(*moment)


def test_a_condition_gives_the_whole_lock_away_and_takes_it_back() -> None:
    lock = RLock()
    condition = threading.Condition(lock)
    inside: list[Any] = []

    def waits() -> None:
        with condition, condition:
            assert condition.wait(20)
            inside.append((lock.depth, [link.lock for link in held(current())]))

    def wakes() -> None:
        with condition:
            assert lock.depth == 1
            condition.notify()

    assert meets(waits, wakes, lambda: bool(condition._waiters))
    assert inside == [(2, [lock])]


def test_locks_say_where_they_were_made() -> None:
    made = threading.Lock(), threading.RLock(), threading.Condition()._lock
    for lock in made:
        assert users(lock.made)[0].function == "test_locks_say_where_they_were_made"


def test_modules_whose_locks_are_details_get_raw_ones() -> None:
    for name in ("threading", *sorted(INTERNALS)):
        scope: dict[str, Any] = {"__name__": name, "Lock": Lock, "RLock": RLock}
        exec("made = Lock(), RLock()", scope)
        assert list(map(type, scope["made"])) == [pristine.LockType, pristine.RLockType]


def test_a_quiet_lock_is_silent_where_it_is_modelled() -> None:
    lock = QuietLock()

    def muted() -> None:
        current().muted += 1
        use(lock)
        lock.acquire()
        lock.release()
        current().muted -= 1

    assert not orders(muted, muted)
    assert orders(lambda: use(lock), lambda: call(lock))


def test_a_wait_of_a_thread_that_was_given_up_ends(lock: Any) -> None:
    ended: list[str] = []

    def waits() -> None:
        try:
            lock.acquire()
        except Abandoned:
            ended.append("abandoned")

    lock.acquire()
    thread = threading.Thread(target=waits, daemon=True)
    thread.start()
    for state in list(threads.alive.values()):
        if state is not current():
            state.abandoned = True
    thread.join(20)
    assert ended == ["abandoned"]
    assert lock.owner is current()


class ExpectedError(Exception):
    pass


def interrupt(*_: object) -> None:
    raise ExpectedError


def interrupted_use(lock: Any, delay: float) -> None:
    """Use the lock until a signal comes; where it comes is for the machine to say."""
    with pytest.raises(ExpectedError):
        signal.setitimer(signal.ITIMER_REAL, delay)
        while True:
            with lock:
                sum(range(3))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timer here")
def test_exceptions_out_of_nowhere_leak_no_lock(lock: Any) -> None:
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for number in range(400):
            interrupted_use(lock, 0.0002 + number % 17 * 1e-5)
            assert lock.owner is None
            assert held(current()) == ()
            assert lock.acquire(blocking=False)
            lock.release()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_somebody_else_has_just_got_is_not_given_back() -> None:
    """An exception comes while we ask; the other thread has the original, and has not said so."""
    lock = Lock()

    def interrupted() -> Iterator[bool]:
        raise ExpectedError
        yield False

    lock._raw.acquire()
    lock._tries = interrupted()
    with pytest.raises(ExpectedError):
        lock.__enter__()
    assert lock._raw.locked()
    assert held(current()) == ()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timer here")
def test_nor_do_they_while_somebody_else_uses_it(lock: Any) -> None:
    stop = Signal()

    def other() -> None:
        while not stop.given():
            with lock:
                sum(range(50))

    before = signal.signal(signal.SIGALRM, interrupt)
    thread = threading.Thread(target=other)
    thread.start()
    try:
        for number in range(100):
            interrupted_use(lock, 0.001 + number % 17 * 1e-4)
            assert held(current()) == ()
            assert current().waiting is None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        stop.give()
        thread.join(20)
    assert not thread.is_alive()
    assert lock.owner is None
    assert lock.acquire(blocking=False)
    lock.release()
