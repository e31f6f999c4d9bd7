"""Runs: what fails, what ends them, and that one leaves nothing behind for the next."""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

import pytest

from racecheck.explore.bounds import Bounds
from racecheck.explore.outcome import ASSERTION, DEADLOCK, EXCEPTION, RACE, THREAD

TWO = """
    import threading

    def together(*targets):
        threads = [threading.Thread(target=target) for target in targets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""


def kinds(runs: list[Any]) -> set[str]:
    return {failure.kind for run in runs for failure in run.failures}


def test_an_ordinary_run_passes(bench: Any) -> None:
    module = bench.load(TWO + "    def body():\n        together(list, dict)\n")
    run = bench.once(module.body)
    assert not run.failures
    assert run.threads == 3
    assert run.forced == 0
    assert not run.schedule.switches


def test_an_exception_of_the_body_is_a_failure(bench: Any) -> None:
    module = bench.load("def body():\n    raise KeyError('gone')\n")
    (failure,) = bench.once(module.body).failures
    assert (failure.kind, failure.text) == (EXCEPTION, "KeyError: 'gone'")
    assert failure.place.endswith(":2")


def test_an_assertion_is_told_apart(bench: Any) -> None:
    module = bench.load("def body():\n    assert 1 == 2\n")
    assert kinds([bench.once(module.body)]) == {ASSERTION}


def test_an_exception_in_a_thread_is_a_failure_and_prints_nothing(bench: Any, capfd: Any) -> None:
    module = bench.load(TWO + "    def body():\n        together(lambda: 1 / 0)\n")
    (failure,) = bench.once(module.body).failures
    assert (failure.kind, failure.text) == (THREAD, "ZeroDivisionError: division by zero")
    assert capfd.readouterr() == ("", "")


def test_a_hook_of_the_test_expects_the_exception(bench: Any) -> None:
    source = """
        def body():
            seen = []
            before, threading.excepthook = threading.excepthook, seen.append
            try:
                together(lambda: 1 / 0)
            finally:
                threading.excepthook = before
            assert len(seen) == 1
    """
    module = bench.load(
        TWO + source.replace("        def", "    def", 1).replace("\n        ", "\n    ")
    )
    assert not bench.once(module.body).failures


def test_a_deadlock_ends_the_run_and_names_who_waits(bench: Any) -> None:
    module = bench.load(
        TWO
        + """
    def body():
        a, b = threading.Lock(), threading.Lock()

        def take(one, other):
            with one:
                with other:
                    pass

        together(lambda: take(a, b), lambda: take(b, a))
    """
    )
    runs = bench.often(module.body)
    failures = [f for run in runs for f in run.failures]
    assert {f.kind for f in failures} == {DEADLOCK}
    assert len({f.mark for f in failures}) == 1
    waiting = {one.path for one in failures[0].blocked}
    assert waiting == {"0", "0.1", "0.2"}
    assert threading.active_count() == 2 or threading.active_count() == 1


def test_a_race_is_a_failure_without_any_switch(bench: Any) -> None:
    module = bench.load(
        TWO
        + """
    class Counter:
        def __init__(self):
            self.n = 0

        def hit(self):
            self.n += 1

    def body():
        counter = Counter()
        together(counter.hit, counter.hit)
    """
    )
    (failure,) = bench.once(module.body).failures
    assert (failure.kind, failure.text) == (RACE, "RC101 Counter.n")


def test_no_test_waits_in_real_time(bench: Any) -> None:
    module = bench.load(
        """
    import queue, threading, time

    def body():
        began = time.monotonic()
        event, items = threading.Event(), queue.Queue()
        assert not event.wait(100)
        try:
            items.get(timeout=100)
        except queue.Empty:
            pass
        assert not threading.Lock().acquire() is False
        timer = threading.Timer(500, event.set)
        timer.start()
        event.wait()
        time.sleep(300)
        assert 1000 <= time.monotonic() - began < 1001
    """
    )
    began = time.monotonic()
    run = bench.once(module.body)
    assert not run.failures, run.failures
    assert not run.uncontrolled
    assert time.monotonic() - began < 100


def test_time_flies_for_who_does_nothing_but_ask(bench: Any) -> None:
    module = bench.load(
        """
    import time

    def body():
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
    """
    )
    assert not bench.once(module.body).failures


def test_an_endless_loop_meets_a_bound(make_bench: Any) -> None:
    bench = make_bench(Bounds(steps=300))
    module = bench.load(
        TWO
        + """
    def body():
        lock = threading.Lock()

        def spin():
            while True:
                with lock:
                    pass

        together(spin, spin)
    """
    )
    run = bench.once(module.body)
    assert run.limit == "more than 300 steps"
    assert not run.failures


def test_an_endless_loop_without_any_step_is_ended_by_the_clock(make_bench: Any) -> None:
    bench = make_bench(Bounds(run_seconds=0.2))
    module = bench.load(
        TWO
        + """
    def body():
        def spin():
            while True:
                pass

        together(spin)
    """
    )
    run = bench.once(module.body)
    assert run.limit == "more than 0.2 s of real time"
    assert not bench.once(lambda: None).failures


def test_too_many_threads_meet_a_bound(make_bench: Any) -> None:
    bench = make_bench(Bounds(threads=5))
    module = bench.load(TWO + "    def body():\n        together(*[list] * 9)\n")
    assert bench.once(module.body).limit == "more than 5 threads at once"


def test_what_waits_outside_of_our_control_is_said(bench: Any) -> None:
    module = bench.load(
        TWO
        + """
    import os

    def body():
        reading, writing = os.pipe()
        got = []

        def read():
            got.append(os.read(reading, 1))

        def write():
            os.write(writing, b"x")

        together(read, write)
        os.close(reading)
        os.close(writing)
        assert got == [b"x"]
    """
    )
    run = bench.once(module.body)
    assert not run.failures
    assert not run.limit
    assert "outside of our control" in run.uncontrolled[0]


def test_threads_left_behind_do_not_reach_the_next_run(bench: Any, capfd: Any) -> None:
    module = bench.load(
        """
    import queue, threading
    from concurrent.futures import ThreadPoolExecutor

    def body():
        threading.Thread(target=queue.Queue().get, daemon=True).start()
        threading.Thread(target=queue.Queue().get).start()
        ThreadPoolExecutor(2).submit(len, "x").result()
    """
    )
    before = threading.active_count()
    for _ in range(3):
        run = bench.once(module.body)
        assert not run.failures
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")


def test_every_run_begins_with_the_same_state(bench: Any) -> None:
    module = bench.load(
        """
    import functools

    seen, cache, number = [], {}, 0

    class Registry:
        made = None
        names = []

        @classmethod
        def get(cls):
            if cls.made is None:
                cls.made = cls()
            return cls.made

        def __init__(self):
            self.items = []

    shared = Registry()

    @functools.cache
    def costly(n):
        seen.append(n)
        return n

    def body():
        global number
        assert (seen, cache, number, Registry.made, Registry.names) == ([], {}, 0, None, [])
        assert shared.items == []
        number += 1
        cache["a"] = costly(3)
        shared.items.append(1)
        shared.extra = 2
        Registry.get()
        Registry.names.append(1)
        globals()["new"] = 1
    """
    )
    for _ in range(3):
        assert not bench.once(module.body).failures
    bench.once(lambda: None)
    assert not hasattr(module, "new")


def test_a_skip_is_no_failure(bench: Any) -> None:
    run = bench.once(lambda: pytest.skip("not here"))
    assert not run.failures
    assert type(run.skipped).__name__ == "Skipped"


def test_an_interrupt_goes_through(bench: Any) -> None:
    def body() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.once(body)
    assert not bench.once(lambda: None).failures


def test_afterwards_everything_is_as_before(make_bench: Any) -> None:
    names = [(threading, "Lock"), (threading.Thread, "start"), (time, "sleep"), (time, "time")]
    names += [(threading, "excepthook"), (threading, "_time")]
    before = [getattr(owner, name) for owner, name in names]
    bench = make_bench()
    bench.once(lambda: None)
    bench.lab.__exit__(None, None, None)
    assert [getattr(owner, name) for owner, name in names] == before
    assert gc.isenabled()
    bench.lab.__enter__()


def test_the_same_schedule_does_the_same(bench: Any) -> None:
    module = bench.load(
        TWO
        + """
    def body():
        order = []
        lock = threading.Lock()

        def add(name):
            for _ in range(3):
                with lock:
                    order.append(name)

        together(lambda: add(1), lambda: add(2))
        raise ValueError(order)
    """
    )
    runs = bench.often(module.body, 30)
    orders = {run.failures[0].text for run in runs}
    assert len(orders) > 5
    for run in runs:
        again = bench.once(module.body, run.schedule)
        assert again.failures[0].text == run.failures[0].text
        assert again.schedule == run.schedule


def test_nobody_is_interrupted_while_it_imports_a_module(bench: Any, tmp_path: Any) -> None:
    source = "import threading\nlock = threading.Lock()\nfor _ in range(3):\n    lock.acquire()\n"
    (tmp_path / "explored_slow.py").write_text(source + "    lock.release()\n")
    module = bench.load(
        TWO
        + """
    import sys

    def body():
        sys.modules.pop("explored_slow", None)

        def load():
            import explored_slow
            assert explored_slow.lock

        together(load, load)
    """
    )
    for run in bench.often(module.body, 30):
        assert not run.failures
        assert not run.uncontrolled
