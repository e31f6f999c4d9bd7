"""What every backend that looks at frames does when it starts, stops, fails, and under load."""

from __future__ import annotations

import gc
import signal
import sys
import threading
import time
from functools import partial
from types import CodeType
from typing import Any

import pytest

from racecheck.runtime import deliver
from racecheck.runtime.hooks import hooks
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.threads import threads
from tests.testing.handmade import Watch

ADD = """
class C: n = 0
def add(c):
    c.n += 1  # before: c.n
def twice(c):
    for _ in range(2):
        add(c)
def main():
    import threading
    start = threading.Event()
    join = spawn(start.wait)
    c = C()
    add(c)
    start.set()
    join()
    return c
"""


def _fails(code: CodeType, *_: Any) -> None:
    exec(code)


def installed() -> tuple[Any, ...]:
    """All that a backend may have taken."""
    monitoring = getattr(sys, "monitoring", None)
    tools = [monitoring.get_tool(n) for n in range(6)] if monitoring else []
    events = [monitoring.get_events(n) for n in range(6) if tools[n]] if monitoring else []
    return sys.gettrace(), threading.gettrace(), tools, events


@pytest.fixture(autouse=True)
def no_failures() -> Any:
    hooks.failures.clear()
    before = installed()
    yield
    assert installed() == before
    hooks.failures.clear()


def test_stop_restores_and_a_second_session_works(watch: Watch, backend: Any) -> None:
    space = watch.load(ADD)
    for times in (1, 2):
        watch.start(backend, RuntimeOptions())
        space["main"]()
        assert watch.backend.limits() == []
        watch.stop()
        assert len(watch.told.events) == times


def test_nothing_is_told_after_stop(watch: Watch, backend: Any) -> None:
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())
    space["main"]()
    watch.stop()
    space["main"]()
    assert len(watch.told.events) == 1


def test_the_gate_closes(watch: Watch, backend: Any) -> None:
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())
    before = installed()
    space["main"]()
    assert not threads.open
    assert installed() == before
    space["add"](space["C"]())
    assert len(watch.told.events) == 1
    space["main"]()
    assert len(watch.told.events) == 2


def test_stop_while_threads_run(watch: Watch, backend: Any) -> None:
    space = watch.load(
        ADD
        + """
def work(c, started, goes_on):
    started.set()
    while goes_on():
        add(c)
"""
    )
    watch.start(backend, RuntimeOptions())
    c, going, joins = space["C"](), [True], []
    for _ in range(3):
        started = threading.Event()
        joins.append(
            space["spawn"](lambda s=started: space["work"](c, s, lambda: bool(going)))  # type: ignore[misc]
        )
        assert started.wait(10)
    backend_, watch.backend = watch.backend, None
    backend_.stop()
    told = len(watch.told.events)
    before = c.n
    while c.n < before + 100:
        time.sleep(0.001)
    assert len(watch.told.events) <= told + 3
    going.clear()
    for join in joins:
        join()
    assert hooks.failures == []


def test_threads_that_nobody_announced(watch: Watch, backend: Any) -> None:
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())
    start = threading.Event()
    join = space["spawn"](start.wait)
    other = threading.Thread(target=space["twice"], args=(space["C"](),))
    other.start()
    other.join()
    start.set()
    join()
    assert len(watch.told.events) == 2


def test_a_fault_of_ours_is_kept_and_the_program_goes_on(
    watch: Watch, backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())

    # Why compiled: a fault of ours comes from a file of ours.
    ours = compile("raise KeyError('ours')", deliver.__file__, "exec")
    monkeypatch.setattr(deliver.sink, "record", partial(_fails, ours))
    monkeypatch.setattr("racecheck.runtime.faults.is_library", lambda _: True)
    assert space["main"]().n == 1
    assert hooks.failures == ["access: KeyError: 'ours'"]


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX signals")
def test_an_exception_of_a_signal_handler_reaches_the_program(
    watch: Watch, backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = watch.load(ADD)

    class AlarmError(Exception):
        pass

    def handler(*_: Any) -> None:
        raise AlarmError

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        watch.start(backend, RuntimeOptions())
        monkeypatch.setattr(deliver.sink, "record", lambda *_: signal.raise_signal(signal.SIGUSR1))
        start = threading.Event()
        join = space["spawn"](start.wait)
        with pytest.raises(AlarmError):
            space["add"](space["C"]())
        start.set()
        join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert hooks.failures == []


def test_a_finalizer_in_the_middle_of_a_callback(
    watch: Watch, backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = watch.load(
        ADD
        + """
class Last:
    def __init__(self, c):
        self.c, self.me = c, self
    def __del__(self):
        add(self.c)
"""
    )
    watch.start(backend, RuntimeOptions())
    other, record = space["C"](), watch.told.record

    def interrupted(*arguments: Any) -> None:
        space["Last"](other)
        gc.collect()
        record(*arguments)

    monkeypatch.setattr(deliver.sink, "record", interrupted)
    space["main"]()
    assert other.n == 1
    assert ("add", 3, "before", "c.n") in watch.told.events
    assert hooks.failures == []


def test_a_code_object_is_not_kept_alive(watch: Watch, backend: Any) -> None:
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())
    known = watch.backend._plans.known
    start = threading.Event()
    join = space["spawn"](start.wait)
    space["add"](space["C"]())
    assert any(known.values())
    space.pop("add"), space.pop("main"), space.pop("twice")
    gc.collect()
    assert not any(known.values())
    start.set()
    join()


def test_code_met_for_the_first_time_leaves_nothing_to_the_collector(
    watch: Watch, backend: Any
) -> None:
    """Programs see what a collection finds (`gc.get_stats`)."""
    space = watch.load(ADD)
    watch.start(backend, RuntimeOptions())
    start = threading.Event()
    join = space["spawn"](start.wait)
    gc.collect()
    gc.disable()
    try:
        space["twice"](space["C"]())
        found = gc.collect()
    finally:
        gc.enable()
        start.set()
        join()
    assert watch.told.events
    assert found == 0


def test_a_file_that_cannot_be_read_has_no_sites(tmp_path: Any, backend: Any) -> None:
    from racecheck.runtime.tracing.tables import lookup
    from tests.testing.handmade import Everything

    code = compile("x = 1", str(tmp_path / "gone.py"), "exec")
    assert list(lookup(Everything(tmp_path))(code)) == []
