"""What a test or a run leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from racecheck.core.finding import Finding
from tests.runtime.observers.watching import watched

GLOBAL: list[Any] = []


def left(body: Callable[[], object], after: Callable[[], object] = int) -> list[Finding]:
    """What one test leaves; `after` cleans up, once it has been asked."""
    with watched("leaks") as session:
        session.begin_test()
        body()
        found = session.take()
        again = session.take()
        after()
    assert again == []
    return found


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject.rpartition(".")[2]) for finding in found]


def joined(body: Callable[[], object]) -> None:
    thread = threading.Thread(target=body)
    thread.start()
    thread.join()


def test_a_lock_that_a_thread_took_with_it() -> None:
    def body() -> None:
        lock = threading.Lock()
        GLOBAL.append(lock)
        joined(lock.acquire)

    (finding,) = left(body)
    assert codes([finding]) == [("RC304", "lock")]
    assert "the thread has ended" in finding.message
    assert finding.steps[0].role == "acquire"


def test_a_lock_that_the_test_keeps() -> None:
    lock = threading.RLock()

    def body() -> None:
        made = threading.Lock()
        made.acquire()
        GLOBAL.append(made)

    (finding,) = left(body, lambda: GLOBAL.pop().release())
    assert codes([finding]) == [("RC304", "made")]
    assert not lock._is_owned()  # type: ignore[attr-defined]


def test_a_lock_held_since_before_the_test_is_not_the_tests() -> None:
    with watched("leaks") as session, threading.Lock():
        session.begin_test()
        assert session.take() == []


def test_a_lock_that_another_thread_gives_back() -> None:
    def body() -> None:
        lock = threading.Lock()
        joined(lock.acquire)
        lock.release()

    (finding,) = left(body)
    assert codes([finding]) == [("RC306", "lock")]
    assert str(finding.severity) == "note"
    assert finding.evidence[0].startswith("taken by Thread-")


def test_given_back_in_time() -> None:
    def body() -> None:
        lock = threading.Lock()
        with lock:
            pass
        joined(lambda: lock.acquire() and lock.release())

    assert left(body) == []


@pytest.mark.parametrize("daemon", [True, False])
def test_a_thread(daemon: bool) -> None:
    stop = threading.Event()

    def body() -> None:
        threading.Thread(target=stop.wait, daemon=daemon).start()

    (finding,) = left(body, stop.set)
    assert codes([finding]) == [("RC802", "wait")]
    assert finding.steps[0].role == "start"


def test_of_a_run_daemon_threads_are_left() -> None:
    stop = threading.Event()
    with watched("leaks") as session:
        threading.Thread(target=stop.wait, daemon=True).start()
        threading.Thread(target=stop.wait).start()
        (finding,) = session.findings()
        session.stop()
        stop.set()
        assert session.findings() == [finding]
    assert finding.code == "RC802"


def test_a_thread_that_is_about_to_end_is_none() -> None:
    assert left(lambda: threading.Thread(target=str).start()) == []


def test_a_timer() -> None:
    def body() -> None:
        timer = threading.Timer(600, print)
        timer.start()
        GLOBAL.append(timer)
        threading.Timer(600, print)

    (finding,) = left(body, lambda: GLOBAL.pop().cancel())
    assert codes([finding]) == [("RC427", "print")]


def test_a_pool_and_not_its_workers() -> None:
    def body() -> None:
        pool = ThreadPoolExecutor(1)
        pool.submit(str).result()
        GLOBAL.append(pool)
        with ThreadPoolExecutor(1) as other:
            other.submit(str).result()

    (finding,) = left(body, lambda: GLOBAL.pop().shutdown())
    assert finding.code == "RC409"
    assert finding.subject.startswith("ThreadPoolExecutor in ")


def test_a_pool_of_the_module() -> None:
    def body() -> None:
        globals()["POOL"] = ThreadPoolExecutor(1)

    assert left(body, lambda: globals().pop("POOL").shutdown()) == []


def test_after_a_hang_nothing_is_left_behind() -> None:
    from racecheck.runtime.hooks import hooks

    stop = threading.Event()
    with watched("leaks") as session:
        session.begin_test()
        threading.Thread(target=stop.wait).start()
        hooks.urgent(None)  # type: ignore[arg-type]
        assert session.take() == []
        stop.set()
