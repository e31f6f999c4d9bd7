"""Hangs of real threads: found, told at once, ended."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from racecheck.core.finding import Confidence, Finding
from racecheck.runtime.hooks import hooks
from racecheck.runtime.observers import watchdog
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import Session
from racecheck.runtime.waits import Abandoned


@contextmanager
def watched(action: str = "fail", **options: Any) -> Iterator[Session]:
    chosen = {"hang_timeout": 0.3, **options}
    session = Session(RuntimeOptions(watch=("hangs",), hang_action=action, **chosen))
    session.start()
    try:
        yield session
    finally:
        session.stop()
        assert session.faults() == []


def only(session: Session) -> Finding:
    (finding,) = session.findings()
    assert finding.confidence is Confidence.CONFIRMED
    return finding


def started(*bodies: Callable[[], object], daemon: bool = False) -> list[threading.Thread]:
    made = [
        threading.Thread(target=body, name=f"w{number}", daemon=daemon)
        for number, body in enumerate(bodies, 1)
    ]
    for thread in made:
        thread.start()
    return made


def test_two_threads_that_wait_for_each_other() -> None:
    with watched() as session:
        one = threading.Lock()
        two = threading.Lock()
        meet = threading.Barrier(2)

        def first() -> None:
            with one:
                meet.wait()
                with two:
                    pass

        def second() -> None:
            with two:
                meet.wait()
                with one:
                    pass

        workers = started(first, second)
        with pytest.raises(Abandoned):
            for worker in workers:
                worker.join()
        for worker in workers:
            worker.join(10)
        assert not any(worker.is_alive() for worker in workers)
        finding = only(session)
    assert finding.code == "RC309"
    assert finding.message.startswith("Deadlock: `test_two_threads_that_wait_for_each_other.")
    assert [step.role for step in finding.steps] == ["asks for", "holds"] * 2
    assert {step.thread for step in finding.steps} == {"w1", "w2"}


def test_a_thread_that_waits_for_itself() -> None:
    with watched(hang_timeout=60) as session:
        lock = threading.Lock()
        with lock, pytest.raises(Abandoned), lock:
            pass
        assert not lock.locked()
        finding = only(session)
    assert (finding.code, finding.subject) == ("RC308", "test_a_thread_that_waits_for_itself.lock")
    assert [step.role for step in finding.steps] == ["waits", "holds"]


def test_a_lock_that_is_a_signal_is_no_deadlock() -> None:
    with watched(hang_timeout=60) as session:
        lock = threading.Lock()
        lock.acquire()
        go = threading.Event()

        def release() -> None:
            go.wait()
            time.sleep(3 * watchdog.GRACE)
            lock.release()

        workers = started(release)
        go.set()
        lock.acquire()
        lock.release()
        workers[0].join()
        assert session.findings() == []


def test_a_join_in_the_circle() -> None:
    with watched(hang_timeout=60) as session:
        lock = threading.Lock()

        def take() -> None:
            with lock:
                pass

        with lock:
            (worker,) = started(take)
            with pytest.raises(Abandoned):
                worker.join()
        worker.join()
        finding = only(session)
    assert finding.code == "RC440"
    assert finding.message == (
        "Deadlock: threads wait in a circle, for `test_a_join_in_the_circle.lock` "
        "and for the end of w1"
    )
    assert "held by MainThread since line" in finding.steps[0].note


def test_an_event_that_nobody_sets() -> None:
    with watched() as session:
        (worker,) = started(threading.Event().wait)
        with pytest.raises(Abandoned):
            worker.join()
        worker.join(10)
        finding = only(session)
    assert finding.code == "RC440"
    assert finding.message == "Hang: waiting for an event that nobody is left to set"
    assert [(step.thread, step.note) for step in finding.steps] == [
        ("w1", "waits for an event that nobody is left to set"),
        ("MainThread", "waits for w1 to end"),
    ]
    assert any(line.startswith("w1: started at ") for line in finding.evidence)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (lambda: queue.Queue().get(), "an item that nobody is left to put"),
        (lambda: queue.SimpleQueue().get(), "an item that nobody is left to put"),
        (lambda: threading.Semaphore(0).acquire(), "a semaphore that nobody is left to release"),
        (lambda: threading.Barrier(2).wait(), "a barrier that the others never reach"),
    ],
    ids=["queue", "simple queue", "semaphore", "barrier"],
)
def test_waits_of_the_main_thread(wait: Callable[[], object], said: str) -> None:
    with watched() as session:
        with pytest.raises(Abandoned):
            wait()
        assert only(session).message == f"Hang: waiting for {said}"


def test_a_condition_that_nobody_notifies() -> None:
    with watched() as session:
        told = threading.Condition()
        with told, pytest.raises(Abandoned):
            told.wait()
        name = "test_a_condition_that_nobody_notifies.told"
        note = f"waits for a notification of `{name}` that nobody is left to give"
        assert only(session).steps[0].note == note


class Shop:
    """Whose parts somebody waits for."""

    def __init__(self) -> None:
        self.orders: queue.Queue[int] = queue.Queue()
        self.open = threading.Event()
        self.desks = threading.Semaphore(0)
        self.shift = threading.Barrier(2)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (lambda shop: shop.orders.get(), "an item of `Shop.orders` that nobody is left to put"),
        (lambda shop: shop.open.wait(), "`Shop.open`, an event that nobody is left to set"),
        (
            lambda shop: shop.desks.acquire(),
            "`Shop.desks`, a semaphore that nobody is left to release",
        ),
        (lambda shop: shop.shift.wait(), "`Shop.shift`, a barrier that the others never reach"),
    ],
    ids=["queue", "event", "semaphore", "barrier"],
)
def test_what_is_waited_for_has_a_name(wait: Callable[[Shop], object], said: str) -> None:
    with watched() as session:
        with pytest.raises(Abandoned):
            wait(Shop())
        assert only(session).message == f"Hang: waiting for {said}"


def test_a_lock_of_a_thread_that_is_gone() -> None:
    with watched() as session:
        lock = threading.Lock()
        (worker,) = started(lock.acquire)
        worker.join()
        with pytest.raises(Abandoned):
            lock.acquire()
        finding = only(session)
    assert "held by w1, which has ended" in finding.steps[0].note


def test_daemon_threads_are_no_victims() -> None:
    with watched() as session:
        items: queue.Queue[int] = queue.Queue()
        (worker,) = started(items.get, daemon=True)
        time.sleep(1.2)
        assert session.findings() == []
        with pytest.raises(Abandoned):
            threading.Event().wait()
        finding = only(session)
        items.put(1)
        worker.join()
    assert [step.thread for step in finding.steps] == ["MainThread", "w1"]


def test_a_daemon_thread_that_runs_could_end_it() -> None:
    with watched() as session:
        stop, event = [False], threading.Event()

        def tick() -> None:
            while not stop[0]:
                time.sleep(0.01)
            event.set()

        def later() -> None:
            time.sleep(1.2)
            stop[0] = True

        workers = started(tick, later, daemon=True)
        event.wait()
        for worker in workers:
            worker.join()
        assert session.findings() == []


def test_it_is_a_note_if_asked_for() -> None:
    with watched(notes=True) as session:
        event = threading.Event()
        (worker,) = started(lambda: (time.sleep(1.2), event.set()), daemon=True)
        event.wait()
        worker.join()
        (finding,) = session.findings()
    assert (str(finding.severity), finding.confidence) == ("note", Confidence.OBSERVED)


def test_who_sleeps_is_not_hung() -> None:
    with watched() as session:
        (worker,) = started(lambda: time.sleep(1.2))
        worker.join()
        threading.Event().wait(0.8)
        assert session.findings() == []


def test_the_program_goes_on_when_it_is_only_told() -> None:
    told: list[Finding] = []
    with watched("report") as session:
        hooks.listen(urgent=told.append)
        event = threading.Event()
        (worker,) = started(event.wait)
        while not told:
            worker.join(0.05)
            if worker.is_alive():
                hang_now(event, told)
        worker.join()
        assert told == session.findings() == [only(session)]


def hang_now(event: threading.Event, told: list[Finding]) -> None:
    """Both threads wait without end, until it was told; the observer's own hook ends it."""
    hooks.listen(urgent=lambda _: event.set())
    event.wait()
    assert told


def test_the_same_hang_is_told_once_and_in_each_test() -> None:
    with watched() as session:
        for _ in range(2):
            session.begin_test()
            for _ in range(2):
                with pytest.raises(Abandoned):
                    threading.Event().wait()
            assert len(session.take()) == 1
            assert session.take() == []


def test_no_thread_of_ours_is_left_or_seen() -> None:
    with watched() as session:
        event = threading.Event()
        (worker,) = started(event.wait)
        observer = session.observers["hangs"]
        assert observer._running
        assert threading.enumerate() == [threading.main_thread(), worker]
        event.set()
        worker.join()
    assert not observer._running


def test_threads_that_were_given_up_end_though_the_session_ends_first() -> None:
    with watched():
        (worker,) = started(threading.Event().wait)
        with pytest.raises(Abandoned):
            worker.join()
    worker.join(20)
    assert not worker.is_alive()


def test_a_worker_without_work_moves_nothing() -> None:
    with watched() as session:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()
            with pytest.raises(Abandoned):
                threading.Event().wait()
        assert only(session).code == "RC440"
