"""Timeouts that fire though others could go on: only if that is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.outcome import RACE
from racecheck.explore.telling.story import story
from racecheck.explore.verdict import FAILS
from tests.explore.conftest import Bench

HEAD = """
    import asyncio
    import queue
    import threading
    import time
    from concurrent.futures import ThreadPoolExecutor

    def beside(work, wait):
        thread = threading.Thread(target=work, name="works")
        thread.start()
        try:
            wait()
        finally:
            thread.join()

"""

WAITS = {
    "event": """
    def body():
        event = threading.Event()

        def wait():
            assert event.wait(5)

        beside(event.set, wait)
    """,
    "condition": """
    def body():
        changed, items = threading.Condition(), []

        def work():
            with changed:
                items.append(1)
                changed.notify()

        def wait():
            with changed:
                assert items or changed.wait(5)

        beside(work, wait)
    """,
    "predicate": """
    def body():
        changed, items = threading.Condition(), []

        def work():
            with changed:
                items.append(1)
                changed.notify()

        def wait():
            with changed:
                assert changed.wait_for(lambda: items, 5)

        beside(work, wait)
    """,
    "queue": """
    def body():
        jobs = queue.Queue()
        beside(lambda: jobs.put(1), lambda: jobs.get(timeout=5))
    """,
    "simple queue": """
    def body():
        jobs = queue.SimpleQueue()
        beside(lambda: jobs.put(1), lambda: jobs.get(timeout=5))
    """,
    "lock": """
    def body():
        lock, held = threading.Lock(), threading.Event()

        def work():
            with lock:
                held.set()

        def wait():
            held.wait()
            assert lock.acquire(timeout=5)
            lock.release()

        beside(work, wait)
    """,
    "semaphore": """
    def body():
        permits = threading.Semaphore(0)

        def wait():
            assert permits.acquire(timeout=5)

        beside(permits.release, wait)
    """,
    "barrier": """
    def body():
        phase = threading.Barrier(2)

        def work():
            try:
                phase.wait()
            except threading.BrokenBarrierError:
                pass

        beside(work, lambda: phase.wait(5))
    """,
    "future": """
    def body():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(list).result(timeout=5)
    """,
    "join": """
    def body():
        thread = threading.Thread(target=list)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    """,
    "sleep": """
    def body():
        event = threading.Event()

        def wait():
            time.sleep(5)
            assert event.is_set()

        beside(event.set, wait)
    """,
    "wait_for": """
    async def main():
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(loop.run_in_executor(None, list), 5)

    def body():
        asyncio.run(main())
    """,
}


@pytest.fixture
def early(make_bench: Callable[[], Bench]) -> Bench:
    bench = make_bench()
    bench.lab.early = True
    return bench


@pytest.mark.parametrize("kind", WAITS)
def test_a_timeout_fires_though_others_could_go_on(early: Bench, kind: str) -> None:
    module = early.load(HEAD + WAITS[kind])
    verdict = Explorer(early.lab, module.body, Plan()).explore()
    assert verdict.outcome == FAILS
    assert not verdict.complete
    found = verdict.found[0]
    assert found.failure.kind != RACE
    assert (found.replayed, found.replays, found.without) == (10, 10, 0)
    assert len(found.schedule.switches) <= 2
    again = Schedule.parse(found.schedule.token)
    early.lab.early = False
    assert early.once(module.body, again).failure_like(found.failure.mark) is not None
    assert not early.once(module.body).failures


@pytest.mark.parametrize("kind", WAITS)
def test_time_is_patient_by_default(bench: Bench, kind: str) -> None:
    module = bench.load(HEAD + WAITS[kind])
    verdict = Explorer(bench.lab, module.body, Plan(schedules=40)).explore()
    assert not [one for one in verdict.found if one.failure.kind != RACE]


def test_the_story_says_whose_time_was_over(early: Bench) -> None:
    module = early.load(HEAD + WAITS["queue"])
    found = Explorer(early.lab, module.body, Plan()).explore().found[0]
    told = story(found)
    assert told.why == "the 5 s that MainThread waits at step 1 were over first"
    note = "waits for an item of `body.jobs`, its 5 s were over first"
    assert [(step.role, step.note) for step in told.steps] == [
        ("wait", note),
        ("waits", "waits, works goes on"),
        ("put", ""),
        ("fails", "Empty"),
    ]


POLLED = """
    def body():
        done = threading.Event()

        def wait():
            while not done.wait(0.1):
                pass

        beside(done.set, wait)
"""


@pytest.mark.parametrize("strategy", ["auto", "dfs", "pct", "pos", "random"])
def test_who_polls_does_not_poll_for_ever(early: Bench, strategy: str) -> None:
    module = early.load(HEAD + POLLED)
    verdict = Explorer(early.lab, module.body, Plan(strategy=strategy, schedules=60)).explore()
    assert (verdict.outcome, verdict.reason, verdict.complete) == ("passes", "", False)
