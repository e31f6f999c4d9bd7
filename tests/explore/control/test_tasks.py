"""Tasks as agents: all orders are met, what hangs is told and ended."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any

import pytest

from racecheck.core.schedule import Schedule
from racecheck.explore.bounds import Bounds
from racecheck.explore.outcome import ASSERTION, DEADLOCK
from racecheck.explore.recording import same
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.strategies.replay import Replay
from tests.explore.whole import HOUR, every, marks, recorded


class TestOrder:
    def test_all_orders_of_three_tasks_are_met(self, shared: Any) -> None:
        orders = set()

        async def main() -> None:
            order: list[str] = []

            async def note(name: str) -> None:
                order.append(name)

            await asyncio.gather(*(note(name) for name in "abc"))
            orders.add("".join(order))

        every(shared, lambda: asyncio.run(main()))
        assert orders == {"abc", "acb", "bac", "bca", "cab", "cba"}

    def test_by_default_the_order_is_that_of_asyncio(self, shared: Any) -> None:
        orders = []

        async def main() -> None:
            order: list[str] = []

            async def note(name: str) -> None:
                for step in range(3):
                    order.append(f"{name}{step}")
                    await asyncio.sleep(0)

            await asyncio.gather(note("a"), note("b"))
            orders.append(order)

        asyncio.run(main())
        run = shared.once(lambda: asyncio.run(main()))
        assert orders[0] == orders[1] == ["a0", "b0", "a1", "b1", "a2", "b2"]
        assert not run.schedule.switches

    def test_callbacks_keep_their_place(self, shared: Any) -> None:
        orders = set()

        async def main() -> None:
            loop, order = asyncio.get_running_loop(), []

            async def note(name: str) -> None:
                order.append(name)

            tasks = [asyncio.create_task(note("a")), asyncio.create_task(note("b"))]
            loop.call_soon(order.append, "-")
            tasks += [asyncio.create_task(note("c")), asyncio.create_task(note("d"))]
            await asyncio.gather(*tasks)
            orders.add("".join(order))

        every(shared, lambda: asyncio.run(main()))
        assert orders == {"ab-cd", "ba-cd", "ab-dc", "ba-dc"}

    def test_one_switch_lets_a_task_overtake_as_long_as_it_can_go_on(self, shared: Any) -> None:
        module = shared.load(ORDER)
        failing = next(run for run in shared.often(module.body) if run.failed)
        assert {failure.kind for failure in failing.failures} == {ASSERTION}
        agents = {switch.to for switch in failing.schedule.switches}
        assert agents <= {"0/1/1", "0/1/2"}
        again = shared.once(module.body, Schedule.parse(failing.schedule.token))
        assert [one.mark for one in again.failures] == [one.mark for one in failing.failures]
        shortest = min(
            len(run.schedule.switches) for run in every(shared, module.body) if run.failed
        )
        assert shortest == 1

    def test_the_place_of_a_step_is_where_the_task_awaits(self, shared: Any) -> None:
        module = shared.load(ORDER)
        recording = recorded(shared, module.body)
        keys = {made.key.rpartition("/")[2] for made in recording.made if "/" in made.agent}
        name = f"{module.__name__}.py"
        # The main task: begins, awaits the others. The others: begin, await.
        assert {f"{name}:{line}" for line in (13, 15, 8, 10)} <= keys

    def test_the_same_schedule_does_the_same(self, shared: Any) -> None:
        module = shared.load(ORDER)
        first, second = recorded(shared, module.body), recorded(shared, module.body)
        assert same(first, second) is None

    def test_a_task_that_looks_over_and_over_lets_others_come(self, shared: Any) -> None:
        async def main() -> None:
            flag: list[int] = []

            async def poll() -> None:
                while not flag:
                    await asyncio.sleep(0)

            async def put() -> None:
                for _ in range(5):
                    await asyncio.sleep(0)
                flag.append(1)

            await asyncio.gather(poll(), poll(), put())

        strategy = PCT(3, seed=2, schedules=30)
        while strategy.begin():
            run = shared.lab.run(strategy, lambda: asyncio.run(main()))
            assert not run.failures
            assert not run.limit

    def test_a_task_that_looks_for_what_a_thread_does_lets_it_come(self, shared: Any) -> None:
        async def main() -> None:
            flag: list[int] = []
            thread = threading.Thread(target=flag.append, args=(1,))
            thread.start()
            while not flag:
                await asyncio.sleep(0)
            thread.join()

        run = shared.once(lambda: asyncio.run(main()))
        assert not run.failures
        assert run.steps < 100


ORDER = """
    import asyncio

    class Race:
        def __init__(self):
            self.order = []

        async def run(self, name, steps):
            for _ in range(steps):
                await asyncio.sleep(0)
            self.order.append(name)

    async def main():
        race = Race()
        await asyncio.gather(race.run("short", 1), race.run("long", 3))
        assert race.order == ["short", "long"]

    def body():
        asyncio.run(main())
"""


class TestNames:
    @pytest.mark.parametrize(
        ("made", "wait", "text"),
        [
            ("Event", "wait()", "the event `Box.it`"),
            ("Queue", "get()", "an item of `Box.it`"),
            ("Semaphore", "acquire()", "the semaphore `Box.it`"),
            ("PriorityQueue", "get()", "an item of `Box.it`"),
            ("Future", "__await__()", "a result"),
        ],
    )
    def test_what_is_waited_for_has_the_name_it_has_in_the_program(
        self, shared: Any, made: str, wait: str, text: str
    ) -> None:
        value = f"asyncio.{made}({0 if made == 'Semaphore' else ''})"
        awaited = "self.it" if made == "Future" else f"self.it.{wait}"
        module = shared.load(
            f"""
            import asyncio

            class Box:
                def __init__(self):
                    self.it = {value}

                async def use(self):
                    await {awaited}

            async def main():
                await Box().use()

            def body():
                asyncio.run(main())
            """
        )
        (failure,) = shared.once(module.body).failures
        (one,) = failure.blocked
        assert one.target == text
        assert one.place.endswith(":9")

    def test_a_task_without_code_of_the_user_is_where_it_was_made(self, shared: Any) -> None:
        module = shared.load(
            """
            import asyncio, threading

            async def main():
                waits = asyncio.create_task(asyncio.to_thread(threading.Event().wait))
                await waits

            def body():
                asyncio.run(main())
            """
        )
        (failure,) = shared.once(module.body).failures
        places = {one.thread: one.place.rpartition(":")[2] for one in failure.blocked}
        assert places["task to_thread"] == "5"

    def test_names_of_tasks_are_those_given_else_of_their_functions(self, shared: Any) -> None:
        async def wait(event: asyncio.Event) -> None:
            await event.wait()

        async def main() -> None:
            event = asyncio.Event()
            await asyncio.gather(
                wait(event), wait(event), asyncio.create_task(wait(event), name="third")
            )

        (failure,) = shared.once(lambda: asyncio.run(main())).failures
        names = [one.thread for one in failure.blocked]
        assert names == ["task main", "task third", "task wait", "task wait-2"]


class TestDeadlocks:
    def test_tasks_in_a_circle_are_named_and_where_they_wait(self, shared: Any, capfd: Any) -> None:
        module = shared.load(ABBA)
        runs = every(shared, module.body)
        failing = [run for run in runs if run.failed]
        assert marks(runs) == {DEADLOCK}
        assert 0 < len(failing) < len(runs)
        (failure,) = failing[0].failures
        name = f"{module.__name__}.py"
        found = {
            (one.path, one.thread, one.kind, one.place.rpartition("/")[2])
            for one in failure.blocked
        }
        assert found == {
            ("0/1", "task main", "join", f"{name}:17"),
            ("0/1/1", "task both", "lock", f"{name}:10"),
            ("0/1/2", "task both-2", "lock", f"{name}:10"),
        }
        assert "task both waits for `other`" in failure.text
        del runs, failing, failure
        gc.collect()
        assert capfd.readouterr() == ("", "")

    def test_tasks_clean_up_when_the_run_is_ended(self, shared: Any) -> None:
        module = shared.load(ABBA)
        failing = next(run for run in every(shared, module.body) if run.failed)
        assert shared.once(module.body, failing.schedule).failed
        assert module.cleaned == [1, 1]

    def test_it_is_told_as_a_run_tells_it(self, shared: Any) -> None:
        module = shared.load(ABBA)
        run = next(run for run in every(shared, module.body) if run.failed)
        strategy = Replay(run.schedule)
        strategy.begin()
        (failure,) = shared.lab.run(strategy, module.body, watch=True).failures
        (finding,) = failure.findings
        assert finding.code == "RC440"
        assert finding.message == "Deadlock: tasks wait in a circle, for `other` and for `other`"
        assert [(step.thread, step.note) for step in finding.steps] == [
            ("task both", "waits for `other`, held by task both-2"),
            ("task both-2", "waits for `other`, held by task both"),
        ]
        assert finding.place.path.endswith(f"{module.__name__}.py")
        assert finding.place.line == 10

    def test_a_wake_up_that_is_lost(self, shared: Any) -> None:
        async def main() -> None:
            there = asyncio.Event()

            async def call() -> None:
                there.set()
                there.clear()

            await asyncio.gather(there.wait(), call())

        (failure,) = {
            f.text for run in every(shared, lambda: asyncio.run(main())) for f in run.failures
        }
        assert (
            failure == "task main waits for the end of task Event.wait; "
            "task Event.wait waits for an event"
        )

    def test_a_task_that_cannot_be_cancelled_does_not_hold_it_up(
        self, shared: Any, capfd: Any
    ) -> None:
        async def stubborn(event: asyncio.Event) -> None:
            while True:
                try:
                    await event.wait()
                except asyncio.CancelledError:
                    continue

        async def main() -> None:
            event = asyncio.Event()
            task = asyncio.create_task(stubborn(event))
            await stubborn(event)
            await task

        assert marks([shared.once(lambda: asyncio.run(main()))]) == {DEADLOCK}
        gc.collect()
        assert capfd.readouterr() == ("", "")

    def test_a_thread_and_a_task_wait_for_each_other(self, shared: Any) -> None:
        async def main() -> None:
            lock = threading.Lock()

            def save() -> None:
                with lock:
                    pass

            with lock:
                await asyncio.to_thread(save)

        (failure,) = shared.once(lambda: asyncio.run(main())).failures
        assert failure.kind == DEADLOCK
        assert {one.path for one in failure.blocked} == {"0/1", "0.1"}

    def test_what_a_thread_puts_into_a_loop_without_waking_it_is_not_found(
        self, shared: Any
    ) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            thread = threading.Thread(target=loop.call_soon, args=(future.set_result, 1))
            thread.start()
            await future
            thread.join()

        assert DEADLOCK in marks(every(shared, lambda: asyncio.run(main())))

    def test_a_loop_that_never_ends_is_ended(
        self, shared: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shared.lab.controller, "bounds", Bounds(steps=300))

        async def main() -> None:
            other = asyncio.create_task(asyncio.sleep(HOUR))
            while not other.done():
                await asyncio.sleep(0)

        run = shared.once(lambda: asyncio.run(main()))
        assert not run.failures
        assert run.limit == "more than 300 steps"
        gc.collect()
        assert capfd.readouterr() == ("", "")


ABBA = """
    import asyncio

    cleaned = []

    async def both(one, other):
        try:
            async with one:
                await asyncio.sleep(0)
                async with other:
                    pass
        finally:
            cleaned.append(1)

    async def main():
        a, b = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(both(a, b), both(b, a))

    def body():
        asyncio.run(main())
"""
