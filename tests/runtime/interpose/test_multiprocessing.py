"""What is made for processes orders threads as well; processes are left alone."""

from __future__ import annotations

import multiprocessing
import os
import threading
import weakref
from typing import Any

import pytest

from tests.runtime.interpose.order import Signal, meets, orders

pytestmark = [
    pytest.mark.usefixtures("session"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize("kind", ["Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"])
def test_a_lock_orders_two_critical_sections(kind: str) -> None:
    lock: Any = getattr(multiprocessing, kind)()

    def use() -> None:
        with lock:
            pass

    def call() -> None:
        assert lock.acquire(timeout=5)
        lock.release()

    assert orders(use, call)
    assert orders(call, use)
    other: Any = getattr(multiprocessing, kind)()
    assert not orders(use, other.acquire)


def test_an_event_orders_who_set_it() -> None:
    event = multiprocessing.Event()
    assert not orders(event.clear, lambda: None)
    assert orders(event.set, event.wait)
    assert orders(event.set, event.is_set)


def test_a_condition_orders_who_notifies() -> None:
    condition, waits = multiprocessing.Condition(), list[int]()

    def waiting() -> None:
        with condition:
            waits.append(1)
            assert condition.wait(20)

    def waking() -> None:
        with condition:
            condition.notify()

    assert meets(waiting, waking, lambda: bool(waits))


@pytest.mark.parametrize("kind", ["Queue", "JoinableQueue", "SimpleQueue"])
def test_an_item_orders_who_put_it(kind: str) -> None:
    line: Any = getattr(multiprocessing, kind)()
    assert orders(lambda: line.put(1), line.get)
    assert not orders(lambda: line.put(1), lambda: line.put(2))
    line.get()
    line.get()
    line.close()


def test_getters_are_not_ordered_by_the_lock_inside() -> None:
    line: Any = multiprocessing.SimpleQueue()
    line.put(1)
    line.put(2)
    assert not orders(line.get, line.get)


def test_join_comes_after_all_that_is_done() -> None:
    line: Any = multiprocessing.JoinableQueue()
    line.put(1)
    line.get()
    assert orders(line.task_done, line.join)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_do_as_before(method: str) -> None:
    context: Any = multiprocessing.get_context(method)
    lock, line = context.Lock(), context.Queue()
    go = Signal()
    other = threading.Thread(target=go.take)
    other.start()
    process = context.Process(target=child, args=(lock, line))
    process.start()
    assert line.get(timeout=60) == "done"
    process.join()
    go.give()
    other.join()
    assert process.exitcode == 0


def child(lock: Any, line: Any) -> None:
    """Runs in another process, whether that is watched or not."""
    found: list[int] = []
    with lock:
        inner = threading.Thread(target=found.append, args=(1,))
        inner.start()
        inner.join()
    line.put("done" if found else "lost")


def test_objects_die_when_nobody_uses_them() -> None:
    lock = multiprocessing.Lock()
    gone = weakref.ref(lock)
    del lock
    assert gone() is None
