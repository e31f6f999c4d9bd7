"""How one finding is aimed at in one test: tasks, both roles, and what keeps from a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.bridge.attack import Limits
from racecheck.bridge.confirm import CONFIRMED, INCONCLUSIVE
from tests.bridge.confirming import COUNTER, confirmed

STORE = """\
import asyncio


class Store:
    def __init__(self):
        self.value = None

    async def get(self):
        if self.value is None:  # 1 check
            made = await make()
            self.value = made  # 2 act
        return self.value


async def make():
    await asyncio.sleep(0)
    return object()


async def twice(store, get):
    await asyncio.gather(get(), get())
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_tasks_that_act_on_a_stale_check(project: Path) -> None:
    run = "def test():\n    store = Store()\n    asyncio.run(twice(store, store.get))\n"
    found, _ = confirmed(project, STORE + run, "RC204", "Store.value")
    assert found.verdict == CONFIRMED
    assert {step.thread for step in found.steps if step.role == "act"}


def test_tasks_behind_a_lock_are_not_called_refuted(project: Path) -> None:
    """Tasks of one loop are not parked, so that nothing can be said of what keeps them away."""
    run = """
def test():
    async def main():
        lock, store = asyncio.Lock(), Store()

        async def get():
            async with lock:
                await store.get()

        await twice(store, get)

    asyncio.run(main())
"""
    found, _ = confirmed(project, STORE + run, "RC204", "Store.value")
    assert found.verdict == INCONCLUSIVE
    assert "tasks of one loop are not parked" in found.evidence[0]


def test_runs_that_fail_of_something_else_refute_nothing(project: Path) -> None:
    tests = """
def test():
    page, done = Page(), []

    def late():
        page.guarded()
        done.append(True)

    def early():
        page.guarded()
        if not done:
            raise ValueError("too early")

    both(late, early)
"""
    found, confirmer = confirmed(project, COUNTER + tests, "RC106", "Page.hits")
    assert found.verdict == INCONCLUSIVE
    assert "too early" in found.evidence[0]
    assert any("too early" in note for note in confirmer.notes)


def test_either_side_is_held_first_once(project: Path) -> None:
    """Held at the first side, one keeps the other away; held at the second, it does not."""
    text = """\
class Page:
    def __init__(self):
        self.hits = 0
        self.lock = threading.Lock()

    def one(self):
        with self.lock:
            self.hits += 1  # 1 update

    def other(self):
        with self.lock:
            pass
        self.hits += 1  # 2 update

def test():
    page = Page()
    both(page.one, page.other)
"""
    found, _ = confirmed(project, text, "RC102", "Page.hits")
    assert found.verdict == CONFIRMED


def test_a_limit_that_is_reached_refutes_nothing(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.guarded, page.guarded)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits", limits=Limits(2, 20.0))
    assert found.verdict == INCONCLUSIVE
    assert "not all could be tried" in found.evidence[0]
