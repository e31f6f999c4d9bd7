"""Submission, job, result, callback: who comes after whom, and who does not."""

from __future__ import annotations

import concurrent.futures
import gc
import threading
import weakref
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from typing import Any

import pytest

from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import users
from racecheck.runtime.threads import current
from tests.runtime.interpose.order import Moment, Signal, knows, meets, now, orders, run

pytestmark = pytest.mark.usefixtures("session")


def outcome(future: Future[Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        future.result()


def test_a_result_comes_after_whoever_set_it() -> None:
    asks: list[Any] = [
        lambda future: future.result(),
        lambda future: future.result(5),
        lambda future: future.exception(),
        lambda future: future.done(),
        lambda future: future.running(),
        lambda future: future.cancelled(),
        lambda future: wait([future]),
        lambda future: concurrent.futures.wait([future]),
        lambda future: list(as_completed([future])),
        lambda future: future.add_done_callback(str),
    ]
    for ask in asks:
        future: Future[int] = Future()
        assert orders(lambda f=future: f.set_result(1), lambda f=future, a=ask: a(f))  # type: ignore[misc]


def test_a_blocked_caller_comes_after_whoever_set_it() -> None:
    for ask in (lambda f: f.result(), lambda f: wait([f]), lambda f: list(as_completed([f]))):
        said: list[str] = []
        hooks.listen(blocked=lambda _, w, said=said: said.append(w.kind))  # type: ignore[misc]
        future: Future[int] = Future()
        assert meets(
            lambda f=future, ask=ask: ask(f),  # type: ignore[misc]
            lambda f=future: f.set_result(1),  # type: ignore[misc]
            lambda said=said: "future" in said,  # type: ignore[misc]
        )


def test_an_exception_and_a_cancellation_are_outcomes_as_well() -> None:
    failed: Future[int] = Future()
    assert orders(lambda: failed.set_exception(ZeroDivisionError()), lambda: outcome(failed))
    cancelled: Future[int] = Future()
    assert orders(cancelled.cancel, cancelled.done)


def test_what_is_not_done_orders_nothing() -> None:
    future: Future[int] = Future()
    assert not orders(future.done, future.running)
    assert not orders(future.set_running_or_notify_cancel, future.done)
    future.set_result(1)
    assert not orders(future.result, future.result)
    assert not orders(future.done, future.result)


def test_a_callback_comes_after_whoever_added_it() -> None:
    future: Future[int] = Future()
    moments, found, added = list[Moment](), list[bool](), Signal()

    def add() -> None:
        moments.append(now())
        future.add_done_callback(lambda _: found.append(knows(moments[0])))
        added.give()

    def set_it() -> None:
        added.take()
        future.set_result(1)

    run(add, set_it)
    assert found == [True]


def test_a_job_comes_after_its_submission_and_before_its_result() -> None:
    moments: list[Moment] = []

    def job(before: Moment) -> bool:
        moments.append(now())
        return knows(before)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(job, now()).result()
        assert knows(moments.pop())
        assert list(pool.map(job, [now()])) == [True]
        assert knows(moments.pop())


def test_what_follows_a_submission_is_not_known_to_the_job() -> None:
    moments, submitted = list[Moment](), Signal()

    def job() -> bool:
        submitted.take()
        return knows(moments[0])

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(job)
        moments.append(now())
        submitted.give()
        assert not future.result()


def test_two_jobs_of_two_workers_are_not_ordered() -> None:
    moments, done = list[Moment](), Signal()

    def first() -> None:
        moments.append(now())
        done.give()

    def second() -> bool:
        done.take()
        return knows(moments[0])

    with ThreadPoolExecutor(2) as pool:
        later = pool.submit(second)
        pool.submit(first)
        assert not later.result()


def test_a_shut_down_executor_has_done_all_its_jobs() -> None:
    moments: list[Moment] = []
    pool = ThreadPoolExecutor(2)
    for _ in range(4):
        pool.submit(lambda: moments.append(now()))
    pool.shutdown()
    assert all(map(knows, moments))


def test_the_initializer_comes_before_the_jobs_of_its_worker() -> None:
    before, found, own = now(), list[bool](), threading.local()

    def prepare() -> None:
        found.append(knows(before))
        own.moment = now()

    with ThreadPoolExecutor(2, initializer=prepare) as pool:
        assert all(pool.map(lambda _: knows(own.moment), range(8)))
    assert all(found)


def test_a_job_says_where_it_was_submitted() -> None:
    jobs: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: jobs.append(current().job)).result()
        list(pool.map(lambda _: jobs.append(current().job), [1]))
    here = "test_a_job_says_where_it_was_submitted"
    assert [(job.how, users(job.stack)[0].function) for job in jobs] == [("submit", here)] * 2


def test_executors_are_told() -> None:
    made: list[Any] = []
    hooks.listen(made=lambda kind, what: made.append((kind, what)))

    class Mine(ThreadPoolExecutor):
        pass

    pools = [ThreadPoolExecutor(1), Mine(1)]
    assert made == [("ThreadPoolExecutor", pool) for pool in pools]


def test_inner_workings_are_not_told() -> None:
    said: list[Any] = []
    hooks.listen(notified=lambda *told: said.append(told), waiting=lambda *told: said.append(told))
    with ThreadPoolExecutor(2) as pool:
        wait([pool.submit(int) for _ in range(4)])
    assert said == []


def test_nobody_keeps_futures_or_exceptions_alive() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    gc.collect()
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(fail)
            with suppress(ZeroDivisionError):
                future.result()
            gone = weakref.ref(future)
            del future
            pool.submit(int).result()
        assert gone() is None
    finally:
        gc.enable()


def test_as_completed_keeps_no_future_that_it_has_handed_out() -> None:
    futures: list[Future[int]] = [Future() for _ in range(3)]
    for future in futures:
        future.set_result(1)
    del future
    found = as_completed(futures)
    first = next(found)
    futures.clear()
    gone = weakref.ref(first)
    del first
    assert gone() is None
    found.close()  # type: ignore[attr-defined]
