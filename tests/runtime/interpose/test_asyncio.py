"""Threads and loops: each way across orders what comes before it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.runtime.interpose.order import Moment, knows, now, orders

pytestmark = pytest.mark.usefixtures("session")


class Loop:
    """A loop that runs in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> asyncio.AbstractEventLoop:
        self.thread.start()
        return self.loop

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def test_call_soon_threadsafe_orders_the_caller_before_the_callback() -> None:
    found, ran = list[bool](), threading.Event()
    with Loop() as loop:
        before = now()
        loop.call_soon_threadsafe(lambda: (found.append(knows(before)), ran.set()))
        ran.wait()
    assert found == [True]


def test_two_callers_are_not_ordered() -> None:
    with Loop() as loop:
        assert not orders(
            lambda: loop.call_soon_threadsafe(int), lambda: loop.call_soon_threadsafe(int)
        )


def test_run_coroutine_threadsafe_orders_both_ways() -> None:
    moments: list[Moment] = []

    async def body(before: Moment) -> bool:
        await asyncio.sleep(0)
        moments.append(now())
        return knows(before)

    with Loop() as loop:
        assert asyncio.run_coroutine_threadsafe(body(now()), loop).result()
        assert knows(moments[0])


@pytest.mark.parametrize("how", ["to_thread", "default", "executor"])
def test_a_call_in_a_thread_is_ordered_both_ways(how: str) -> None:
    moments: list[Moment] = []

    def job(before: Moment) -> bool:
        moments.append(now())
        return knows(before)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        if how == "to_thread":
            assert await asyncio.to_thread(job, now())
        elif how == "default":
            assert await loop.run_in_executor(None, job, now())
        else:
            with ThreadPoolExecutor(1) as pool:
                assert await loop.run_in_executor(pool, job, now())
        assert knows(moments[0])

    asyncio.run(main())


def test_two_jobs_of_one_loop_are_not_ordered() -> None:
    moments, done = list[Moment](), threading.Semaphore(0)
    raw = done._cond._lock  # type: ignore[attr-defined]

    def first() -> None:
        moments.append(now())
        raw.acquire()

    def second() -> bool:
        while not raw.locked():
            pass
        raw.release()
        return knows(moments[0])

    async def main() -> bool:
        later = asyncio.create_task(asyncio.to_thread(second))
        await asyncio.sleep(0)
        await asyncio.to_thread(first)
        return await later

    assert not asyncio.run(main())


def test_misuse_is_answered_as_before() -> None:
    async def body() -> None:
        pass

    loop = asyncio.new_event_loop()
    loop.set_debug(True)
    made: Any = body()
    with pytest.raises(TypeError, match="coroutines cannot be used with call_soon_threadsafe"):
        loop.call_soon_threadsafe(made)
    made.close()
    with pytest.raises(TypeError, match="coroutines cannot be used with call_soon_threadsafe"):
        loop.call_soon_threadsafe(body)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a callable object was expected"):
        loop.call_soon_threadsafe(3)  # type: ignore[arg-type]
    handle = loop.call_soon_threadsafe(test_misuse_is_answered_as_before)
    assert "test_misuse_is_answered_as_before" in repr(handle)
    assert "test_asyncio.py" in repr(handle)
    handle.cancel()
    loop.close()
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        loop.call_soon_threadsafe(int)
