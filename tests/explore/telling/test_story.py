"""What a failing run did, and why that is wrong: programs with one bug each, told in steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.outcome import ASSERTION, Failure, Run
from racecheck.explore.telling.rows import renaming
from racecheck.explore.telling.story import BETWEEN, ROWS, Story, story
from racecheck.explore.telling.watch import Event
from racecheck.explore.verdict import Found
from tests.explore.telling.stories import (
    ABBA,
    DECIDED,
    EARLY,
    EATEN,
    ITERATED,
    ITSELF,
    LOST,
    LOST_BOTH,
    MISSED,
    OVERWRITTEN,
    RACE,
    TASKS,
    TOGETHER,
    TORN,
    TWICE,
)


@pytest.fixture
def told(bench: Any) -> Callable[..., tuple[Found, Story]]:
    """Explores a program, and tells its most visible failure."""

    def tell(source: str, **plan: Any) -> tuple[Found, Story]:
        module = bench.load(TOGETHER + source)
        found = Explorer(bench.lab, module.body, Plan(**plan)).explore().found[0]
        return found, story(found)

    return tell


def numbered(told: Story) -> list[tuple[str, str, str]]:
    return [(s.thread, s.role, s.note) for s in told.steps if s.role not in BETWEEN]


def test_a_lost_update(told: Any) -> None:
    _, found = told(LOST)
    assert found.why == "both read `balance` = 0 before either wrote"
    assert numbered(found) == [
        ("a", "acquire", "acquires `Account.lock`"),
        ("a", "read", "balance is 0"),
        ("b", "acquire", "acquires `Account.lock`"),
        ("b", "read", "balance is 0"),
        ("b", "acquire", "acquires `Account.lock`"),
        ("b", "write", "balance 0 -> 10"),
        ("a", "acquire", "acquires `Account.lock`"),
        ("a", "write", "balance 10 -> 10"),
        ("MainThread", "fails", "AssertionError"),
    ]
    between = [(s.thread, s.role, s.note) for s in found.steps if s.role in BETWEEN]
    assert between == [("a", "switch", "gives way to b"), ("b", "ends", "ends, a goes on")]
    assert found.subjects == ("Account.balance",)
    assert [s.held for s in found.steps if s.role == "write"] == [("Account.lock",)] * 2


def test_of_two_that_are_lost_together_the_one_that_fails_is_named(told: Any) -> None:
    _, found = told(LOST_BOTH)
    assert found.why == "both read `size` = 0 before either wrote"


def test_of_two_that_change_together_the_one_that_fails_is_named(told: Any) -> None:
    """Its end finds `high` anew; what is old there is `low`."""
    _, found = told(TORN, keep_going=True)
    assert found.why == "looks goes on at step 3 with the `low` of step 1, which step 2 has changed"
    assert numbered(found) == [
        ("looks", "read", "low is 0, high is 9"),
        ("moves", "write", "low 0 -> 10, high 9 -> 19"),
        ("looks", "read", "high is 19"),
        ("looks", "fails", "AssertionError"),
    ]


def test_what_is_read_twice_is_no_old_value(told: Any) -> None:
    _, found = told(TWICE)
    assert found.why == "reads finds another `n` at step 6 than at step 2: step 4 has changed it"


def test_a_decision_that_came_too_soon(told: Any) -> None:
    _, found = told(DECIDED)
    assert found.why == "w decided at step 1 with a `balance` that step 3 changed"
    assert numbered(found)[0] == ("w", "check", "balance is 100")
    assert ("other", "write", "balance 100 -> 30") in numbered(found)
    assert ("w", "update", "balance 30 -> -50") in numbered(found)


def test_changed_while_it_is_iterated(told: Any) -> None:
    found, story = told(ITERATED, keep_going=True)
    assert type(found.failure.error) is RuntimeError
    assert story.why.startswith("`people` was changed at step ")
    assert story.why.endswith(" while counts iterates over it")


def test_used_before_it_was_stored(told: Any) -> None:
    _, found = told(EARLY)
    assert found.why == "user uses `value` at step 1, before loader has stored it"
    assert numbered(found) == [
        ("user", "read", "value is None"),
        ("user", "fails", "TypeError: 'NoneType' object is not subscriptable"),
    ]


def test_a_circle_of_locks(told: Any) -> None:
    _, found = told(ABBA)
    assert found.why == "each holds what the next one asks for"
    assert numbered(found) == [
        ("one", "acquire", "acquires `Pair.a`"),
        ("two", "acquire", "acquires `Pair.b`"),
        ("two", "wait", "waits for `Pair.a`, held by one"),
        ("one", "wait", "waits for `Pair.b`, held by two"),
    ]


def test_a_notification_that_nobody_waited_for(told: Any) -> None:
    _, found = told(MISSED)
    notify = [step.role for step in found.steps if step.role not in BETWEEN].index("notify") + 1
    assert found.why == (
        f"opens notified at step {notify}, before waits waited, and nobody is left who could notify"
    )
    assert numbered(found)[0] == ("waits", "read", "open is False")
    assert numbered(found)[-1] == ("waits", "wait", "waits for a notification of `Gate.changed`")


@pytest.mark.parametrize(
    ("kept", "waits", "said"),
    [
        ("queue.Queue()", "get()", "an item of `Shop.kept`"),
        ("queue.PriorityQueue()", "get()", "an item of `Shop.kept`"),
        ("full()", "put(2)", "room in `Shop.kept`"),
        ("full()", "join()", "the items of `Shop.kept`"),
        ("threading.Event()", "wait()", "the event `Shop.kept`"),
        ("threading.Semaphore(0)", "acquire()", "the semaphore `Shop.kept`"),
        ("threading.BoundedSemaphore(0)", "acquire()", "the semaphore `Shop.kept`"),
        ("threading.Barrier(3)", "wait()", "the others at `Shop.kept`"),
    ],
)
def test_what_is_waited_for_has_a_name(told: Any, kept: str, waits: str, said: str) -> None:
    source = f"""
import queue


def full():
    one = queue.Queue(1)
    one.put(1)
    return one


class Shop:
    def __init__(self):
        self.kept = {kept}

    def serve(self):
        self.kept.{waits}


def body():
    shop = Shop()
    together(serves=shop.serve)
"""
    if "full" in kept:
        said = said.replace("Shop.kept", "full.one")
    found, story = told(source)
    assert ("serves", "wait", f"waits for {said}") in numbered(story)
    assert "`Shop.kept`" in found.failure.findings[0].message or "full" in kept


def test_a_thread_that_waits_for_itself(told: Any) -> None:
    _, found = told(ITSELF)
    assert found.why == "MainThread asks for what it holds itself"


def test_what_an_agent_wrote_itself_is_gone(told: Any) -> None:
    _, found = told(OVERWRITTEN, keep_going=True)
    assert found.why == (
        "a finds in `last` at step 4 what step 2 left there, not what it wrote at step 1"
    )


def test_a_race_is_told_where_it_changes_hands(told: Any) -> None:
    found, story = told(RACE, schedules=4)
    assert found.failure.kind == "race"
    assert len(numbered(story)) == 6
    assert [step.thread for step in story.steps if step.role not in BETWEEN] == [*"aaabbb"]
    assert story.why == (
        "nothing keeps b from changing `Counter.n` between the read and the write of a"
    )


def test_without_a_pattern_the_switch_is_said(told: Any) -> None:
    source = """
def body():
    found, lock = [], threading.Lock()

    def put(name):
        with lock:
            found.append(name)

    together(a=lambda: put("a"), b=lambda: put("b"))
    assert found == ["a", "b"]
"""
    _, found = told(source)
    assert found.why.startswith("fails only if b comes before a at ")


def test_names_that_count_threads_begin_at_one_in_every_run(told: Any) -> None:
    source = LOST.replace("a=account.deposit, b=", "account.deposit, ").replace("(a=", "(")
    first, one = told(source)
    _, other = told(source)
    assert {step.thread for step in one.steps} == {
        "Thread-1 (deposit)",
        "Thread-2 (deposit)",
        "MainThread",
    }
    assert [(s.thread, s.role, s.note) for s in one.steps] == [
        (s.thread, s.role, s.note) for s in other.steps
    ]
    names = {event.thread for event in first.run.events} - {"MainThread"}
    give = renaming(first.run.events)
    assert {give(f"{name} died") for name in names} == {
        "Thread-1 (deposit) died",
        "Thread-2 (deposit) died",
    }


def test_a_run_that_was_not_watched_has_no_story(told: Any) -> None:
    found, _ = told(LOST)
    assert story(replace(found, run=replace(found.run, events=()))) == Story()


def events(rounds: int) -> tuple[Event, ...]:
    """Two agents that take turns with one semaphore."""
    return tuple(
        Event(
            path=f"0.{1 + number % 2}",
            thread="ab"[number % 2],
            kind="release",
            place=f"m.py:{number + 1}",
            role="release",
            fields=((1, True),),
        )
        for number in range(rounds)
    )


def test_long_stories_are_cut_and_say_so() -> None:
    run = Run(Schedule(), events=events(100))
    failure = Failure(ASSERTION, "AssertionError", "m.py:200")
    found = story(Found(failure, run, 0, "dfs", Schedule(), run))
    rows = [step for step in found.steps if step.role not in (*BETWEEN, "fails")]
    assert len(rows) == ROWS
    assert found.cut == 100 - ROWS
    (cut,) = [step for step in found.steps if step.role == "cut"]
    assert cut.note == f"{100 - ROWS} more steps"
    assert rows[0].place.line == 1
    assert rows[-1].place.line == 100


def test_what_tasks_do_between_their_awaits(told: Any) -> None:
    _, found = told(TASKS)
    assert found.why == "both read `n` = 0 before either wrote"
    assert numbered(found)[:4] == [
        ("task Counter.add", "read", "n is 0"),
        ("task later", "read", "n is 0"),
        ("task later", "write", "n 0 -> 1"),
        ("task Counter.add", "write", "n 1 -> 1"),
    ]


def test_a_task_that_fails_is_named(told: Any) -> None:
    _, found = told(EATEN)
    assert found.steps[-1].thread in ("task Stack.take", "task later")
    assert found.steps[-1].note == "IndexError: pop from empty list"


def test_tasks_that_wait_for_ever_are_told_at_the_end(told: Any) -> None:
    source = """
import asyncio


class Ferry:
    def __init__(self):
        self.there = asyncio.Event()

    async def board(self):
        await self.there.wait()

    async def call(self):
        await asyncio.sleep(0)
        self.there.set()
        self.there.clear()


async def main():
    ferry = Ferry()
    await asyncio.gather(ferry.board(), ferry.call())


def body():
    asyncio.run(main())
"""
    _, found = told(source)
    thread, role, note = numbered(found)[-1]
    assert (thread, role) == ("task Ferry.board", "wait")
    assert note.startswith("waits for ")
    assert found.why.endswith("nobody is left who could set it")


def test_threads_of_one_name_are_told_apart(told: Any) -> None:
    source = LOST.replace(
        "together(a=account.deposit, b=account.deposit)",
        """threads = [threading.Thread(target=account.deposit, name="w") for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()""",
    )
    _, found = told(source)
    assert {step.thread for step in found.steps} == {"w", "w #2", "MainThread"}


def test_two_loops_with_tasks_of_one_name(told: Any) -> None:
    source = EATEN.replace(
        "    await asyncio.gather(stack.take(), later(stack))\n", "    await stack.take()\n"
    ).replace(
        "async def main():\n    stack = Stack()\n", "stack = Stack()\n\n\nasync def main():\n"
    )
    source = source.replace(
        "    asyncio.run(main())",
        "    run = lambda: asyncio.run(main())\n    together(a=run, b=run)",
    )
    _, found = told(source)
    assert found.why == "both found `items` = ['only'] before either changed it"
    assert {step.thread for step in found.steps} == {"task Stack.take", "task Stack.take #2"} or {
        step.thread for step in found.steps
    } == {"task main", "task main #2"}


def test_woken_without_another_look(told: Any) -> None:
    program = Path(__file__).parents[1] / "programs" / "wait_with_if.py"
    _, found = told(program.read_text("utf-8") + "\n\nbody = test\n")
    assert "was woken and did not look at `items` again, which step" in found.why
    assert "items is []" in [step.note for step in found.steps]
    assert "wait" in [step.role for step in found.steps]
