"""Loops under control: time is virtual, threads and tasks are explored together."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from typing import Any

import pytest

from racecheck.explore.outcome import ASSERTION, RACE, THREAD
from racecheck.explore.recording import same
from tests.explore.whole import HOUR, every, marks, recorded


class TestTime:
    def test_nobody_waits_for_real(self, shared: Any) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            began = loop.time()
            await asyncio.gather(asyncio.sleep(HOUR), asyncio.sleep(2 * HOUR))
            assert 2 * HOUR <= loop.time() - began < 2 * HOUR + 1

        began = time.monotonic()
        assert not shared.once(lambda: asyncio.run(main())).failures
        assert time.monotonic() - began < HOUR

    def test_who_sleeps_shorter_is_first(self, shared: Any) -> None:
        async def main() -> None:
            order: list[int] = []

            async def sleep(hours: int) -> None:
                await asyncio.sleep(hours * HOUR)
                order.append(hours)

            await asyncio.gather(*(sleep(hours) for hours in (3, 1, 2)))
            assert order == [1, 2, 3]

        assert not marks(every(shared, lambda: asyncio.run(main())))

    def test_timeouts_are_met_if_nobody_can_go_on(self, shared: Any) -> None:
        async def main() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.sleep(2 * HOUR), HOUR)
            async with asyncio.timeout(HOUR):
                await asyncio.sleep(HOUR / 2)
            tasks = [asyncio.create_task(asyncio.sleep(n * HOUR)) for n in (1, 3)]
            done, pending = await asyncio.wait(tasks, timeout=2 * HOUR)
            assert (done, pending) == ({tasks[0]}, {tasks[1]})
            tasks[1].cancel()

        assert not marks(every(shared, lambda: asyncio.run(main())))


class TestThreads:
    @pytest.mark.parametrize("debug", [False, True])
    def test_work_in_threads_is_awaited(self, shared: Any, debug: bool) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            found = await asyncio.gather(
                asyncio.to_thread(time.sleep, HOUR),
                loop.run_in_executor(None, int, "3"),
                asyncio.sleep(2 * HOUR, "slept"),
            )
            assert found == [None, 3, "slept"]

        runs = shared.often(lambda: asyncio.run(main(), debug=debug), 30)
        assert not marks(runs)
        assert not any(run.uncontrolled or run.limit for run in runs)

    def test_a_loop_on_a_thread_of_its_own(self, shared: Any) -> None:
        def body() -> None:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever)
            thread.start()

            async def double(number: int) -> int:
                await asyncio.sleep(HOUR)
                return 2 * number

            futures = [asyncio.run_coroutine_threadsafe(double(n), loop) for n in (1, 2)]
            assert [future.result(2 * HOUR) for future in futures] == [2, 4]
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

        runs = shared.often(body, 30)
        assert not marks(runs)
        assert not any(run.uncontrolled or run.limit for run in runs)

    def test_a_loop_that_is_left_behind_says_nothing(self, shared: Any, capfd: Any) -> None:
        loops: list[asyncio.AbstractEventLoop] = []

        def body() -> None:
            loop = asyncio.new_event_loop()
            loops.append(loop)
            threading.Thread(target=loop.run_forever, daemon=True).start()
            asyncio.run_coroutine_threadsafe(asyncio.sleep(HOUR), loop)

        assert not marks(shared.often(body, 30))
        assert all(loop.is_closed() for loop in loops)
        gc.collect()
        assert capfd.readouterr() == ("", "")

    def test_a_loop_may_serve_several_runs(self, shared: Any) -> None:
        loop = asyncio.new_event_loop()

        async def main(*, hangs: bool) -> None:
            await asyncio.sleep(HOUR)
            if hangs:
                await asyncio.Event().wait()

        try:
            for hangs in (False, True, False):
                run = shared.once(lambda: loop.run_until_complete(main(hangs=hangs)))  # noqa: B023
                assert run.failed == hangs
        finally:
            loop.close()


class TestRaces:
    def test_an_await_between_read_and_write(self, shared: Any) -> None:
        module = shared.load(COUNTER.format(guard=""))
        assert marks(shared.often(module.body, 30)) == {ASSERTION, RACE}

    def test_under_a_lock_there_is_none(self, shared: Any) -> None:
        module = shared.load(COUNTER.format(guard="async with self.lock:"))
        assert not marks(every(shared, module.body))

    def test_two_loops_on_two_threads(self, shared: Any) -> None:
        """Depth first must not leave out what only a thread does, for what tasks do."""
        module = shared.load(TWO_LOOPS)
        shared.often(module.body, 3)
        assert any(
            failure.kind == THREAD for run in every(shared, module.body) for failure in run.failures
        )


TWO_LOOPS = """
    import asyncio, threading

    class Shared:
        def __init__(self):
            self.items = ["only"]

        async def take(self):
            if self.items:
                self.items.pop()

    def body():
        shared = Shared()
        threads = [
            threading.Thread(target=lambda: asyncio.run(shared.take())) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""

COUNTER = """
    import asyncio, contextlib

    class Counter:
        def __init__(self):
            self.n = 0
            self.lock = asyncio.Lock()

        async def add(self):
            {guard}
                n = self.n
                await asyncio.sleep(0)
                self.n = n + 1

    async def main():
        counter = Counter()
        await asyncio.gather(counter.add(), counter.add())
        assert counter.n == 2

    def body():
        asyncio.run(main())
"""


class TestLibrary:
    def test_generators(self, shared: Any) -> None:
        async def numbers() -> Any:
            try:
                for number in range(3):
                    await asyncio.sleep(0)
                    yield number
            finally:
                await asyncio.sleep(0)

        async def first() -> int:
            async for number in numbers():
                return int(number)
            return -1

        async def main() -> None:
            async def all_of() -> list[int]:
                return [number async for number in numbers()]

            assert await asyncio.gather(all_of(), first(), all_of()) == [[0, 1, 2], 0, [0, 1, 2]]

        assert not marks(shared.often(lambda: asyncio.run(main()), 30))

    def test_a_group_that_fails(self, shared: Any) -> None:
        async def main() -> None:
            async def fail() -> None:
                await asyncio.sleep(HOUR)
                raise KeyError

            with pytest.raises(ExceptionGroup):
                async with asyncio.TaskGroup() as group:
                    group.create_task(fail())
                    for _ in range(3):
                        group.create_task(asyncio.sleep(2 * HOUR))

        body = lambda: asyncio.run(main())  # noqa: E731
        assert same(recorded(shared, body), recorded(shared, body)) is None
        assert not marks(shared.often(body, 30))

    def test_queues_and_conditions(self, shared: Any) -> None:
        async def main() -> None:
            queue: asyncio.Queue[int] = asyncio.Queue(1)
            changed = asyncio.Condition()
            got: list[int] = []

            async def take() -> None:
                for _ in range(2):
                    number = await queue.get()
                    async with changed:
                        got.append(number)
                        changed.notify_all()
                    queue.task_done()

            async def full() -> None:
                async with changed:
                    await changed.wait_for(lambda: len(got) == 2)

            async with asyncio.TaskGroup() as group:
                group.create_task(take())
                group.create_task(full())
                await queue.put(1)
                await queue.put(2)
                await queue.join()

        assert not marks(shared.often(lambda: asyncio.run(main()), 60))

    @pytest.mark.skipif(sys.version_info < (3, 12), reason="there are no eager tasks yet")
    def test_eager_tasks(self, shared: Any) -> None:
        async def main() -> None:
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)

            async def wait(number: int) -> int:
                await asyncio.sleep(0)
                return number

            assert await asyncio.gather(wait(1), wait(2)) == [1, 2]

        assert not marks(every(shared, lambda: asyncio.run(main())))

    def test_tasks_that_are_cancelled_at_the_end_come_in_one_order(self, shared: Any) -> None:
        def body() -> None:
            async def main() -> None:
                tasks = [asyncio.create_task(asyncio.sleep(HOUR)) for _ in range(10)]
                await asyncio.sleep(0)
                assert not any(task.done() for task in tasks)

            asyncio.run(main())

        first = recorded(shared, body)
        assert all(same(first, recorded(shared, body)) is None for _ in range(5))
