"""A wait without end can be ended, once the hang has been reported."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future, as_completed, wait
from typing import Any

import pytest

from racecheck.runtime import pristine
from racecheck.runtime.threads import current, threads
from racecheck.runtime.waits import Abandoned
from tests.runtime.interpose.order import Signal

pytestmark = pytest.mark.usefixtures("session")


def condition_wait() -> None:
    condition = threading.Condition()
    with condition:
        condition.wait()


def condition_wait_for() -> None:
    condition = threading.Condition()
    with condition:
        condition.wait_for(lambda: False)


def bounded_put() -> None:
    line: queue.Queue[int] = queue.Queue(1)
    line.put(1)
    line.put(2)


def queue_join() -> None:
    line: queue.Queue[int] = queue.Queue()
    line.put(1)
    line.join()


def thread_join() -> None:
    go = Signal()
    thread = threading.Thread(target=go.take, daemon=True)
    thread.start()
    try:
        thread.join()
    finally:
        go.give()


WAITS: dict[str, Any] = {
    "condition": condition_wait,
    "wait_for": condition_wait_for,
    "event": lambda: threading.Event().wait(),
    "semaphore": lambda: threading.Semaphore(0).acquire(),
    "barrier": lambda: threading.Barrier(2).wait(),
    "get": lambda: queue.Queue().get(),
    "simple get": lambda: queue.SimpleQueue().get(),
    "put": bounded_put,
    "queue join": queue_join,
    "join": thread_join,
    "future": lambda: Future().result(),
    "wait": lambda: wait([Future()]),
    "as_completed": lambda: list(as_completed([Future()])),
}


@pytest.mark.parametrize("how", WAITS)
def test_the_thread_ends_and_nothing_is_printed(
    how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[Any] = []

    def body() -> None:
        try:
            WAITS[how]()
        except Abandoned:
            ended.append(how)
            raise

    thread = threading.Thread(target=body, daemon=True, name="poor")
    thread.start()
    poor = None
    while poor is None:
        for state in list(threads.alive.values()):
            if state.name == "poor" and state.waiting is not None:
                poor = state
        pristine.sleep(0.001)
    poor.abandoned = True
    thread.join(20)
    assert ended == [how]
    assert poor.waiting is None
    assert current().waiting is None
    assert "".join(capsys.readouterr()) == ""
