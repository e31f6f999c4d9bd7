"""Explorations in shares: the same verdict and findings on any number of processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import racecheck
from racecheck.bridge import spreading, workers
from racecheck.bridge.bodies import Function
from racecheck.bridge.orders import Answer, Order, Setup, packed, sys_path, unpacked
from racecheck.bridge.schedules import Store
from racecheck.bridge.spreading import Spread, Spreader
from racecheck.core.errors import UsageError
from racecheck.explore.jobs.shares import Share
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES
from racecheck.settings import Loaded, load
from tests.bridge.explored import BANK, DEADLOCK, RACY, TWO_THREADS

DEEP = (
    TWO_THREADS
    + """\
import os
import time


def steps(check):
    lock, order = threading.Lock(), []

    def step(number):
        for _ in range(4):
            with lock:
                order.append(number)

    both(lambda: step(0), lambda: step(1), lambda: step(2))
    check(order)


def test_rare():
    def check(order):
        assert (order[0], order[-1]) != (2, 0)

    steps(check)


def test_long():
    steps(lambda order: None)


def test_dies():
    def check(order):
        if order != sorted(order):
            os._exit(3)

    steps(check)


def test_dies_at_once():
    os._exit(3)


def test_stands():
    def check(order):
        if order != sorted(order):
            time.thread_time()
            os.read(os.pipe()[0], 1)

    steps(check)


def test_skips():
    import unittest

    raise unittest.SkipTest("not today")
"""
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / ".git").mkdir()
    for name, text in {"bank": BANK, "page": RACY, "locks": DEADLOCK, "deep": DEEP}.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    workers.end_all()


def settings(folder: Path, **flags: object) -> Loaded:
    given = {f"explore.{key.replace('_', '-')}": value for key, value in flags.items()}
    return load(folder, given, environment={})


def spread(folder: Path, *names: str, **flags: object) -> list[Spread]:
    functions = [Function(*name.split(":")) for name in names]
    return list(spreading.explored(functions, settings(folder, **flags)))


def test_the_same_whatever_the_number_of_processes(project: Path) -> None:
    names = ["bank.py:test_overdrawn", "page.py:test_hits", "locks.py:test_both_orders"]
    names += ["bank.py:test_counted", "deep.py:test_rare", "bank.py:test_alone"]
    several = []
    for jobs in (1, 2, 3):
        several.append(spread(project, *names, jobs=jobs, schedules=150))
        for path in Store(project).folder.glob("*.toml"):
            path.unlink()
    for found in zip(*several, strict=True):
        assert [one.findings for one in found] == [found[0].findings] * 3
        verdicts = [one.verdict for one in found]
        for one in verdicts:
            assert (one.outcome, one.schedules, one.failing, one.complete) == (
                verdicts[0].outcome,
                verdicts[0].schedules,
                verdicts[0].failing,
                verdicts[0].complete,
            )
    outcomes = [one.verdict.outcome for one in several[0]]
    assert outcomes == [FAILS, FAILS, FAILS, PASSES, FAILS, PASSES]
    assert [one.verdict.complete for one in several[0]][3]
    assert [one.verdict.found[0].by for one in several[0] if one.verdict.found][-1] == "pct"
    confirmed = [str(one.confidence) for found in several[0] for one in found.findings]
    assert confirmed == ["confirmed"] * 4


def test_the_same_as_in_this_process(project: Path) -> None:
    (one,) = spread(project, "bank.py:test_overdrawn", jobs=2)
    Store(project).path_of(one.verdict.found[0].schedule).unlink()
    sys.path.insert(0, str(project))
    try:
        import bank  # type: ignore[import-not-found]

        here = racecheck.explore(bank.test_overdrawn, loaded=settings(project))
    finally:
        sys.path.remove(str(project))
        sys.modules.pop("bank", None)
    switches = [found.verdict.found[0].schedule.switches for found in (here, one)]
    assert switches[0] == switches[1]
    assert here.findings[0].message == one.findings[0].message


def test_what_failed_is_saved_and_tried_first(project: Path) -> None:
    (first,) = spread(project, "bank.py:test_overdrawn", jobs=2)
    assert Store(project).of("bank.py:test_overdrawn")
    (again,) = spread(project, "bank.py:test_overdrawn", jobs=2)
    assert again.verdict.found[0].by == "replay"
    assert again.verdict.found[0].schedule == first.verdict.found[0].schedule


def test_a_process_that_dies_costs_its_share_alone(project: Path) -> None:
    dies, at_once, passes = spread(
        project, "deep.py:test_dies", "deep.py:test_dies_at_once", "bank.py:test_counted", jobs=2
    )
    assert dies.verdict.outcome == INCONCLUSIVE
    assert "its process died (exit code 3)" in dies.verdict.reason
    assert "share 1 of " in dies.verdict.reason
    assert at_once.verdict.outcome == INCONCLUSIVE
    assert at_once.verdict.reason == "its process died (exit code 3)"
    assert passes.verdict.outcome == PASSES


def test_a_process_that_does_not_come_back_is_ended(project: Path) -> None:
    setup = Setup(settings(project), path=sys_path())
    order = Order("deep.py:test_dies", "deep.py", "test_stands", share=Share("pos", 20, most=20))
    answer: Answer = unpacked(workers.work(packed(setup), packed(order), 4.0))
    assert answer.fault == "its process did not come back within 4 s and was ended"


def test_an_order_that_is_taken_in_the_middle_of_the_end_is_ended(project: Path) -> None:
    setup = Setup(settings(project), path=sys_path())
    order = Order("deep.py:test_dies", "deep.py", "test_stands", share=Share("pos", 20, most=20))
    ended, taken = workers.kept.ended, threading.Event()

    def late() -> bytes:
        taken.set()
        while workers.kept.ended == ended:
            time.sleep(0.001)
        return workers.work(packed(setup), packed(order), 30.0)

    with spreading.processes(1) as (executor, _):
        future = executor.submit(late)
        taken.wait()
    answer: Answer = unpacked(future.result(timeout=0))
    assert answer.fault in ("it was ended", "its process died (SIGKILL)")


def test_what_cannot_be_imported_is_said_as_in_one_process(project: Path) -> None:
    with pytest.raises(UsageError, match="no function `test_none`") as error:
        spread(project, "bank.py:test_none", jobs=2)
    assert "did you mean" in error.value.hint or "it has" in error.value.hint
    with pytest.raises(UsageError, match="no module `nowhere`"):
        spread(project, "nowhere:test", jobs=2)


def test_a_test_that_skips(project: Path) -> None:
    (one,) = spread(project, "deep.py:test_skips", jobs=2)
    assert one.skipped == "not today"


def test_any_executor(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(project))
    monkeypatch.delitem(sys.modules, "bank", raising=False)
    import bank

    tokens = set()
    for executor in (ThreadPoolExecutor(2), ProcessPoolExecutor(2, get_context("spawn"))):
        with executor:
            found = racecheck.explore(bank.test_overdrawn, executor=executor, isolated=True)
        tokens.add(found.findings[0].schedule)
        assert found.outcome == FAILS
        for path in Store(project).folder.glob("*.toml"):
            path.unlink()
    monkeypatch.delitem(sys.modules, "bank")
    assert len(tokens) == 1


def test_a_function_without_a_name_of_its_own_cannot_be_sent(project: Path) -> None:
    def inner() -> None:
        pass

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(UsageError, match="no name that another process"):
            racecheck.explore(inner, executor=executor)
        with pytest.raises(UsageError, match="of no use to a decorator"):
            racecheck.explore(executor=executor)  # type: ignore[call-overload]


def test_other_versions_and_other_folders_are_refused(project: Path, tmp_path: Path) -> None:
    old = Setup(settings(project), versions=("0.0.1", "3.9"))
    assert "has racecheck" in workers.greet(packed(old))
    gone = Setup(settings(project), folder=str(tmp_path / "gone"))
    assert "has no folder" in workers.greet(packed(gone))
    with ThreadPoolExecutor(1) as executor, pytest.raises(UsageError, match="has no folder"):
        Spreader(executor, gone, 1).greet()


def test_a_fork_leaves_the_processes_of_its_parent_alone(project: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    setup = packed(Setup(settings(project), path=sys_path()))
    order = packed(Order("bank.py:test_counted", "bank.py", "test_counted"))
    workers.work(setup, order, 60.0)
    kept = workers.Kept()
    child, fresh = workers.kept.take(setup, unpacked(setup))
    assert not fresh
    kept.give_back(setup, child)
    kept.forked()
    assert kept.idle == 0
    workers.kept.drop(child)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nobody_explores_for_a_process_that_is_gone(project: Path) -> None:
    # Why the name: each schedule tells again, and a file written anew is empty for a moment.
    text = DEEP + "\n\ndef test_told():\n    open(f'began-{os.getpid()}', 'w').close()\n"
    (project / "told.py").write_text(text + "    test_long()\n")
    flags = ["--jobs", "2", "--time", "off", "--strategy", "random", "--schedules", "1000000"]
    going = subprocess.Popen(
        [sys.executable, "-m", "racecheck", "explore", *flags, "told.py:test_told"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert soon(lambda: any(project.glob("began-*")))
    going.kill()
    going.wait()
    children = [int(path.name.removeprefix("began-")) for path in project.glob("began-*")]
    assert going.pid not in children
    assert soon(lambda: not any(alive(child) for child in children))


def alive(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # Why: it may be dead already, and nobody has asked how it ended.
    return told.split(") ")[-1][0] != "Z"


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False
