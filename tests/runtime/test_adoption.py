"""Locks that exist before we start are ours while we watch, and themselves again afterwards."""

from __future__ import annotations

import _thread
import collections
import concurrent.futures
import dataclasses
import queue
import threading
import time
from typing import Any

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.locks import Lock, QuietLock
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.reentrant import RLock
from racecheck.runtime.session import Session
from tests.runtime.interpose.order import orders

RAW = (pristine.LockType, pristine.RLockType)

here = _thread.allocate_lock()
maker = threading.Lock


class Holder:
    shared = threading.Lock()
    make = threading.RLock

    def __init__(self) -> None:
        self.own = threading.Lock()
        self.again = threading.RLock()
        self.condition = threading.Condition(self.own)
        self.default = threading.Condition()


class Slotted:
    __slots__ = ("lock",)

    def __init__(self) -> None:
        self.lock = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Data:
    lock: Any = dataclasses.field(default_factory=threading.Lock)


class Worker(threading.Thread):
    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()


def watched() -> Session:
    session = Session(RuntimeOptions(watch=()))
    session.start()
    return session


def closure() -> Any:
    lock = threading.Lock()

    def get() -> Any:
        return lock

    return get


def use(lock: Any) -> Any:
    def used() -> None:
        with lock:
            pass

    return used


def test_every_place_has_ours_and_gets_its_own_back() -> None:
    holder, slotted, data, get = Holder(), Slotted(), Data(), closure()
    worker, line = Worker(), queue.Queue[int]()
    by_key, listed = {"a": threading.Lock()}, [threading.Lock()]
    places: list[Any] = [
        lambda: here,
        lambda: Holder.shared,
        lambda: holder.own,
        lambda: holder.again,
        lambda: holder.condition._lock,  # type: ignore[attr-defined]
        lambda: holder.default._lock,  # type: ignore[attr-defined]
        lambda: slotted.lock,
        lambda: data.lock,
        get,
        lambda: worker.lock,
        lambda: line.mutex,
        lambda: line.not_empty._lock,  # type: ignore[attr-defined]
        lambda: by_key["a"],
        lambda: listed[0],
    ]
    before = [place() for place in places]
    assert all(type(lock) in RAW for lock in before)
    session = watched()
    try:
        during = [place() for place in places]
        for lock in during:
            assert type(lock) in (Lock, RLock, QuietLock), lock
            assert isinstance(lock, RAW)
        assert holder.own is holder.condition._lock  # type: ignore[attr-defined]
        assert type(line.mutex) is QuietLock
        assert orders(use(holder.own), use(holder.condition))
        assert orders(use(holder.default), use(holder.default))
        assert orders(use(here), use(here))
        assert not orders(lambda: line.put(1), lambda: line.put(2))
    finally:
        session.stop()
    assert all(map(lambda new, old: new is old, (place() for place in places), before))
    with holder.condition:
        assert not holder.condition.wait(0.001)


def test_what_makes_locks_is_swapped_wherever_it_stands() -> None:
    factories = collections.defaultdict(threading.Lock)
    original = maker
    session = watched()
    try:
        assert maker is Lock
        assert Holder.make is RLock
        assert type(factories["x"]) is Lock
        assert type(Data().lock) is Lock
    finally:
        session.stop()
    assert maker is original
    assert Holder.make is threading.RLock
    assert type(factories["y"]) in RAW
    assert type(Data().lock) in RAW


def test_details_of_modelled_primitives_stay_raw() -> None:
    event, semaphore, barrier = threading.Event(), threading.Semaphore(), threading.Barrier(2)
    future: concurrent.futures.Future[int] = concurrent.futures.Future()
    pool = concurrent.futures.ThreadPoolExecutor(1)
    session = watched()
    try:
        for owner in (event, semaphore, barrier):
            assert type(owner._cond._lock) in RAW  # type: ignore[attr-defined]
        assert type(future._condition._lock) in RAW  # type: ignore[attr-defined]
        assert type(pool._shutdown_lock) in RAW  # type: ignore[attr-defined]
        assert type(threading._active_limbo_lock) in RAW  # type: ignore[attr-defined]
    finally:
        session.stop()
        pool.shutdown()


@pytest.mark.parametrize("kind", [threading.Lock, threading.RLock])
def test_whoever_waits_meanwhile_notices_nothing(kind: Any) -> None:
    condition, found = threading.Condition(kind()), list[bool]()

    def body() -> None:
        with condition:
            found.append(condition.wait(20))

    def wake() -> None:
        while not condition._waiters:  # type: ignore[attr-defined]
            time.sleep(0.001)
        with condition:
            condition.notify()

    before = threading.Thread(target=body)
    before.start()
    while not condition._waiters:  # type: ignore[attr-defined]
        time.sleep(0.001)
    session = watched()
    wake()
    before.join()
    during = threading.Thread(target=body)
    during.start()
    while not condition._waiters:  # type: ignore[attr-defined]
        time.sleep(0.001)
    session.stop()
    wake()
    during.join()
    assert found == [True, True]


def test_simple_queues_keep_what_is_in_them() -> None:
    holder: Any = Holder()
    holder.line = line = queue.SimpleQueue[int]()
    pool = concurrent.futures.ThreadPoolExecutor(1)
    holder.line.put(1)
    session = watched()
    try:
        assert holder.line is not line
        assert isinstance(holder.line, pristine.SimpleQueueType)
        assert holder.line.get() == 1
        assert orders(lambda: holder.line.put(2), holder.line.get)
        holder.line.put(3)
        assert type(pool._work_queue) is pristine.SimpleQueueType
    finally:
        session.stop()
        pool.shutdown()
    assert holder.line is line
    assert line.get() == 3


def test_a_lock_that_is_held_is_released_as_what_it_is() -> None:
    holder = Holder()
    with holder.own:
        session = watched()
        assert holder.own.locked()
        assert not holder.own.acquire(blocking=False)
    assert not holder.own.locked()
    with holder.own, holder.again:
        session.stop()
    assert not holder.own.locked()
    assert holder.again.acquire(blocking=False)
    holder.again.release()
