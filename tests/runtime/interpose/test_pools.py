"""ThreadPool: submissions, tasks, results and callbacks."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from multiprocessing import pool as pools
from multiprocessing.pool import ThreadPool
from typing import Any

import pytest

from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import users
from racecheck.runtime.threads import current
from tests.runtime.interpose.order import Moment, Signal, knows, now

pytestmark = pytest.mark.usefixtures("session")

CALLS: dict[str, Any] = {
    "apply": lambda pool, job, item: [pool.apply(job, (item,))],
    "apply_async": lambda pool, job, item: [pool.apply_async(job, (item,)).get()],
    "map": lambda pool, job, item: pool.map(job, [item] * 5),
    "map_async": lambda pool, job, item: pool.map_async(job, [item] * 5, 2).get(),
    "imap": lambda pool, job, item: list(pool.imap(job, [item] * 5)),
    "imap in chunks": lambda pool, job, item: list(pool.imap(job, [item] * 5, 2)),
    "imap_unordered": lambda pool, job, item: list(pool.imap_unordered(job, [item] * 5)),
    "starmap": lambda pool, job, item: pool.starmap(job, [(item,)] * 5),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_task_comes_after_its_submission_and_before_its_result(call: str) -> None:
    moments: list[Moment] = []

    def job(before: Moment) -> bool:
        moments.append(now())
        return knows(before)

    with ThreadPool(2) as pool:
        assert all(CALLS[call](pool, job, now()))
        assert all(map(knows, moments))


@pytest.mark.parametrize("ask", ["get", "wait", "ready", "successful"])
def test_whoever_sees_that_it_is_done_comes_after_it(ask: str) -> None:
    moments: list[Moment] = []
    with ThreadPool(1) as pool:
        result = pool.apply_async(lambda: moments.append(now()))
        while not result._event._flag:  # type: ignore[attr-defined]
            pass
        assert not knows(moments[0])
        getattr(result, ask)()
        assert knows(moments[0])


def test_two_tasks_are_not_ordered_by_the_threads_in_between() -> None:
    moments, done = list[Moment](), Signal()

    def first() -> None:
        moments.append(now())
        done.give()

    def second() -> bool:
        done.take()
        return knows(moments[0])

    with ThreadPool(2) as pool:
        later = pool.apply_async(second)
        pool.apply_async(first)
        assert not later.get()
        assert not knows(moments[0])


def test_a_callback_comes_after_the_task_and_before_the_result() -> None:
    moments, found = list[Moment](), list[bool]()

    def callback(_: object) -> None:
        found.extend(map(knows, moments))
        moments.append(now())

    with ThreadPool(1) as pool:
        moments.append(now())
        pool.apply_async(lambda: moments.append(now()), callback=callback).get()
        assert found == [True, True]
        assert all(map(knows, moments))
        failed = pool.apply_async(lambda: {}[1], error_callback=callback)
        failed.wait()
        assert all(map(knows, moments))


def test_the_items_of_imap_are_made_in_a_thread_of_the_pool() -> None:
    before, found = now(), list[bool]()

    def items() -> Iterator[Moment]:
        for _ in range(3):
            found.append(knows(before))
            yield now()

    with ThreadPool(2) as pool:
        assert all(pool.imap(knows, items()))
    assert found == [True] * 3


def test_the_end_of_a_pool_comes_after_all_tasks() -> None:
    moments: list[Moment] = []
    pool = ThreadPool(2, initializer=lambda: moments.append(now()))
    for _ in range(3):
        pool.apply_async(lambda: moments.append(now()))
    pool.close()
    pool.join()
    assert all(map(knows, moments))


def test_a_task_says_where_it_was_submitted() -> None:
    jobs: list[Any] = []
    made: list[str] = []
    hooks.listen(made=lambda kind, _: made.append(kind))
    with ThreadPool(1) as pool:
        pool.apply(lambda: jobs.append(current().job))
    here = "test_a_task_says_where_it_was_submitted"
    assert [users(job.stack)[0].function for job in jobs] == [here]
    assert made == ["ThreadPool"]


def test_the_worker_of_processes_is_still_pickled_by_its_name() -> None:
    worker = pools.worker  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(worker)) is worker
