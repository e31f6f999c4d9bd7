"""Threads: what starts them, what ends them, and who comes after whom."""

from __future__ import annotations

import _thread
import gc
import os
import threading
from typing import Any

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.hooks import hooks
from racecheck.runtime.session import Session
from racecheck.runtime.stacks import users
from racecheck.runtime.threads import current, threads
from tests.runtime.interpose.order import Moment, Signal, knows, now

pytestmark = pytest.mark.usefixtures("session")


def finished(thread: threading.Thread) -> None:
    """Wait for its end without our knowing."""
    while pristine_alive(thread):
        pristine.sleep(0.001)


pristine_alive = threading.Thread.is_alive


def test_what_comes_before_a_start_is_known() -> None:
    before, found = now(), list[bool]()
    thread = threading.Thread(target=lambda: found.append(knows(before)))
    thread.start()
    thread.join()
    assert found == [True]


def test_what_comes_after_a_start_is_not() -> None:
    moments, found, go = list[Moment](), list[bool](), Signal()

    def body() -> None:
        go.take()
        found.append(knows(moments[0]))

    thread = threading.Thread(target=body)
    thread.start()
    moments.append(now())
    go.give()
    thread.join()
    assert found == [False]


@pytest.mark.parametrize("how", ["join", "join(timeout)", "is_alive"])
def test_whoever_sees_a_thread_end_comes_after_it(how: str) -> None:
    moments: list[Moment] = []
    thread = threading.Thread(target=lambda: moments.append(now()))
    thread.start()
    finished(thread)
    assert not knows(moments[0])
    if how == "is_alive":
        assert not thread.is_alive()
    else:
        thread.join(*([5] if "timeout" in how else []))
    assert knows(moments[0])


def test_a_join_that_times_out_orders_nothing() -> None:
    moments, go = list[Moment](), Signal()

    def body() -> None:
        moments.append(now())
        go.take()

    thread = threading.Thread(target=body)
    thread.start()
    while not moments:
        thread.join(0.001)
    assert thread.is_alive()
    assert not knows(moments[0])
    go.give()
    thread.join()
    assert knows(moments[0])


def test_two_who_join_both_know_and_the_slot_is_free_once() -> None:
    moments: list[Moment] = []
    thread = threading.Thread(target=lambda: moments.append(now()))
    thread.start()
    thread.join()
    thread.join()
    assert len(threads.free) == len({stamp.slot for stamp in threads.free})


def test_the_gate_is_open_while_a_thread_may_run() -> None:
    assert not threads.open
    go = Signal()
    thread = threading.Thread(target=go.take)
    thread.start()
    assert threads.open
    go.give()
    thread.join()
    assert not threads.open


def test_slots_are_used_again() -> None:
    slots = set()
    for _ in range(50):
        thread = threading.Thread(target=lambda: slots.add(current().slot))
        thread.start()
        thread.join()
    assert len(slots) == 1


def test_threads_that_nobody_joins_do_not_let_clocks_grow_for_ever() -> None:
    for _ in range(600):
        thread = threading.Thread(target=int)
        thread.start()
        finished(thread)
    assert len(threads.alive) < 300


def test_a_timer_knows_what_came_before_its_start() -> None:
    made: list[tuple[str, Any]] = []
    hooks.listen(made=lambda kind, what: made.append((kind, what)))
    before, found = now(), list[bool]()
    timer = threading.Timer(0.001, lambda: found.append(knows(before)))
    timer.start()
    timer.join()
    assert found == [True]
    assert made == [("Timer", timer)]


def test_a_timer_that_has_run_comes_before_who_waits_for_it() -> None:
    moments: list[Moment] = []
    timer = threading.Timer(0.001, lambda: moments.append(now()))
    timer.start()
    timer.finished.wait()
    assert knows(moments[0])
    timer.join()


def test_threads_of_the_low_level_module() -> None:
    before, moments, found, done = now(), list[Moment](), list[bool](), threading.Event()

    def body(*arguments: object, **named: object) -> None:
        found.extend([knows(before), arguments == (1,), named == {"x": 2}])
        moments.append(now())
        done.set()

    _thread.start_new_thread(body, (1,), {"x": 2})
    done.wait()
    assert found == [True, True, True]
    assert knows(moments[0])


def test_a_thread_says_where_it_comes_from() -> None:
    origins: list[Any] = []
    thread = threading.Thread(target=lambda: origins.append(current().origin), name="worker")
    thread.start()
    thread.join()
    (origin,) = origins
    assert (origin.how, origin.starter) == ("Thread", threading.current_thread().name)
    assert users(origin.stack)[0].function == "test_a_thread_says_where_it_comes_from"


def test_beginning_and_end_are_told_on_the_thread_itself() -> None:
    told: list[Any] = []
    hooks.listen(
        started=lambda state: told.append(("started", state is current())),
        ended=lambda state: told.append(("ended", state is current())),
    )
    thread = threading.Thread(target=lambda: told.append("run"))
    thread.start()
    thread.join()
    assert told == [("started", True), "run", ("ended", True)]


def test_an_exception_that_ends_a_thread_is_told_and_then_reported_as_before() -> None:
    told: list[Any] = []
    hooks.listen(died=lambda state, error: told.append((state.name, repr(error))))
    before = threading.excepthook
    threading.excepthook = lambda arguments: told.append(arguments.exc_type)
    try:
        thread = threading.Thread(target=lambda: [1].pop(1), name="poor")
        thread.start()
        thread.join()
        gone = threading.Thread(target=lambda: (_ for _ in ()).throw(SystemExit))
        gone.start()
        gone.join()
    finally:
        threading.excepthook = before
    assert told == [
        ("poor", "IndexError('pop index out of range')"),
        IndexError,
        SystemExit,
    ]


def test_a_thread_that_cannot_start_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    for name in ("_start_new_thread", "_start_joinable_thread"):
        monkeypatch.setattr(threading, name, refuse, raising=False)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        threading.Thread(target=int).start()
    assert len(threads.alive) == 1
    assert not threads.open


def test_values_of_a_thread_that_are_finalized_after_it_are_still_its_own() -> None:
    found: list[int] = []

    class Last:
        def __del__(self) -> None:
            found.append(current().number)

    values = threading.local()

    def body() -> None:
        found.append(current().number)
        values.last = Last()

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    gc.collect()
    assert len(found) == 2
    assert found[0] == found[1]
    assert not threads.foreign


def test_a_thread_that_was_there_before_is_adopted() -> None:
    Session.active.stop()  # type: ignore[union-attr]
    moments, go, done = list[Moment](), Signal(), Signal()

    def body() -> None:
        go.take()
        moments.append(now())
        done.give()

    thread = threading.Thread(target=body, name="elder")
    thread.start()
    from racecheck.runtime.options import RuntimeOptions

    session = Session(RuntimeOptions(watch=()))
    session.start()
    try:
        go.give()
        done.take()
        assert threads.open
        assert not knows(moments[0])
        assert "elder" in {state.name for state in threads.alive.values()}
        thread.join()
        assert knows(moments[0])
    finally:
        session.stop()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_goes_on_alone() -> None:
    go = Signal()
    lock = threading.Lock()
    thread = threading.Thread(target=go.take)
    thread.start()
    child = os.fork()
    if not child:
        code = 1
        try:
            with lock:
                inner = threading.Thread(target=int)
                inner.start()
                inner.join()
            code = 0 if not threads.open else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    go.give()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
    assert not threads.open
