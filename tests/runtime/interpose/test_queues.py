"""An item orders whoever put it before whoever gets it, and nobody else."""

from __future__ import annotations

import queue
from typing import Any

import pytest

from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.queues import Items
from racecheck.runtime.threads import ThreadState
from tests.runtime.interpose.order import Moment, Signal, knows, meets, now, orders, run

pytestmark = pytest.mark.usefixtures("session")

KINDS = ["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"]


class Wrapping(queue.Queue[Any]):
    """Keeps other objects than it is given, as its documentation allows."""

    def _put(self, item: Any) -> None:
        super()._put([item])

    def _get(self) -> Any:
        return super()._get()[0]


class Copying(queue.Queue[Any]):
    """Hands out other objects than it was given."""

    def _get(self) -> Any:
        return list(super()._get())


@pytest.fixture(params=[*KINDS, Wrapping, Copying])
def line(request: pytest.FixtureRequest) -> Any:
    return getattr(queue, request.param)() if isinstance(request.param, str) else request.param()


def test_an_item_orders_who_put_it_before_who_gets_it(line: Any) -> None:
    assert orders(lambda: line.put([1]), line.get)
    assert orders(lambda: line.put([1]), lambda: line.get(timeout=5))
    assert orders(lambda: line.put_nowait([1]), line.get_nowait)


def test_a_blocked_getter_comes_after_the_put(line: Any) -> None:
    said: list[Any] = []
    hooks.listen(blocked=lambda _, wait: said.append((wait.kind, wait.target)))
    assert meets(line.get, lambda: line.put([1]), lambda: ("queue-get", line) in said)


@pytest.mark.parametrize("kind", KINDS)
def test_producers_are_not_ordered(kind: str) -> None:
    line = getattr(queue, kind)()
    assert not orders(lambda: line.put((1, "a")), lambda: line.put((2, "b")))
    assert not orders(line.get, line.get)
    line.put((3, "c"))
    assert not orders(lambda: line.put((4, "d")), line.qsize)
    assert not orders(line.empty, line.empty)


@pytest.mark.parametrize("kind", ["Queue", "PriorityQueue", "SimpleQueue"])
def test_a_getter_knows_only_the_producer_of_its_item(kind: str) -> None:
    line = getattr(queue, kind)()
    moments, found = list[Moment](), list[bool]()
    first, second = Signal(), Signal()

    def one() -> None:
        moments.append(now())
        line.put((1, "one"))
        first.give()

    def two() -> None:
        first.take()
        moments.append(now())
        line.put((2, "two"))
        second.give()

    def getter() -> None:
        second.take()
        assert line.get() == (1, "one")
        found.extend(map(knows, moments))

    run(one, two, getter)
    assert found == [True, False]


def test_equal_items_stand_for_all_who_put_one() -> None:
    items, moments = Items(), []
    for slot in (51, 52):
        putter = ThreadState("putter", slot)
        moments.append((putter.slot, putter.clock))
        items.put(None, putter.publish())
    getter = ThreadState("getter", 53)
    items.got(None, getter)
    assert [getter.knows(*moment) for moment in moments] == [True, True]


def test_an_unknown_item_stands_for_all_that_were_put() -> None:
    items, putter, getter = Items(), ThreadState("putter", 51), ThreadState("getter", 52)
    items.put("x", putter.publish())
    items.got(object(), getter)
    assert getter.knows(51, 1)


def test_items_that_nobody_gets_are_forgotten_in_the_end() -> None:
    items, putter = Items(), ThreadState("putter", 51)
    for number in range(20_000):
        items.put(float(number), putter.publish())
    assert len(items._by_id) < 5_000


def test_room_in_a_bounded_queue_orders_who_made_it() -> None:
    line: queue.Queue[Any] = queue.Queue(1)
    line.put(0)
    assert orders(line.get, lambda: line.put(1))
    assert meets(lambda: line.put(2), line.get, lambda: bool(line.not_full._waiters))


def test_room_that_was_there_orders_nothing() -> None:
    line: queue.Queue[Any] = queue.Queue(2)
    line.put(0)
    assert not orders(line.get, lambda: line.put(1))
    unbounded: queue.Queue[Any] = queue.Queue()
    unbounded.put(0)
    assert not orders(unbounded.get, lambda: unbounded.put(1))


def test_a_failed_put_is_no_put() -> None:
    line: queue.Queue[Any] = queue.Queue(1)
    item = [1]
    line.put(item)

    def full() -> None:
        with pytest.raises(queue.Full):
            line.put(item, block=False)

    assert not orders(full, line.get)


def test_join_comes_after_all_that_is_done() -> None:
    line: queue.Queue[Any] = queue.Queue()
    line.put(1)
    line.get()
    assert orders(line.task_done, line.join)
    line.put(1)
    line.get()
    assert meets(line.join, line.task_done, lambda: bool(line.all_tasks_done._waiters))
    assert not orders(line.join, line.join)


@pytest.mark.skipif(not hasattr(queue, "ShutDown"), reason="new in 3.13")
def test_a_shut_down_queue_orders_who_shut_it() -> None:
    line: Any = queue.Queue()

    def refused() -> None:
        with pytest.raises(queue.ShutDown):  # type: ignore[attr-defined]
            line.get()

    assert meets(refused, line.shutdown, lambda: bool(line.not_empty._waiters))
    assert orders(line.shutdown, refused)


def test_the_mutex_of_a_queue_is_a_lock_for_those_who_take_it() -> None:
    line: queue.Queue[Any] = queue.Queue()

    def use() -> None:
        with line.mutex:
            line.queue.clear()

    assert orders(use, use)
    assert not orders(lambda: line.put(1), use)


def test_waits_say_what_they_wait_for() -> None:
    said: list[Any] = []
    hooks.listen(blocked=lambda _, wait: said.append((wait.kind, wait.target, wait.timed)))
    line: queue.Queue[Any] = queue.Queue(1)
    simple: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for empty in (line, simple):
        with pytest.raises(queue.Empty):
            empty.get(timeout=0.001)
    line.put(1)
    with pytest.raises(queue.Full):
        line.put(2, timeout=0.001)
    assert said == [
        ("queue-get", line, True),
        ("queue-get", simple, True),
        ("queue-put", line, True),
    ]
