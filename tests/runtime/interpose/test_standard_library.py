"""The standard library's own tests of these modules say the same with and without us."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

RUNNER = Path(__file__).with_name("suites.py")
ROOT = Path(__file__).parents[3]

LOCKS = [
    *("LockTests", "PyRLockTests", "CRLockTests", "ConditionTests", "ConditionAsRLockTests"),
    *("EventTests", "SemaphoreTests", "BoundedSemaphoreTests", "BarrierTests"),
    *("ThreadingExceptionTests", "ExceptHookTests", "TimerTests"),
]
"""Classes of test.test_threading that start no other interpreters."""

SUITES = {
    "threading": [f"test.test_threading.{name}" for name in LOCKS],
    "queue": ["test.test_queue"],
    "asyncio": [f"test.test_asyncio.{n}" for n in ("test_queues", "test_locks", "test_threads")],
    "thread": ["test.test_thread", "test.test_threading_local"],
}


KNOWN = {
    # A thread of `_thread.start_new_thread` that fails is reported with an object that prints as
    # the function, and is another one.
    "test.test_thread.ThreadRunningTests.test_unraisable_exception",
}


def said(how: str, names: list[str]) -> list[str]:
    command = [sys.executable, str(RUNNER), how, *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=ROOT)
    assert not done.returncode, done.stderr[-2000:]
    lines = {line for line in done.stdout.splitlines() if line.startswith(("> ", "ran "))}
    return sorted(lines - {f"> {name}" for name in KNOWN})


@pytest.mark.slow
@pytest.mark.skipif(find_spec("test.test_queue") is None, reason="installed without its tests")
@pytest.mark.parametrize("suite", SUITES)
def test_the_outcome_is_the_same(suite: str) -> None:
    within = said("on", SUITES[suite])
    # Why the other one only then: it takes as long, and says nothing new if all is well.
    assert len(within) == 1 or within == said("off", SUITES[suite])
