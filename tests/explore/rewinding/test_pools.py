"""Executors that outlive a run, or were there before it."""

from __future__ import annotations

from typing import Any

import pytest

KEPT = """
    from concurrent.futures import ThreadPoolExecutor

    POOL = ThreadPoolExecutor(2)
    _made = []

    def lazily():
        if not _made:
            _made.append(ThreadPoolExecutor(1))
        return _made[0]

    def early():
        assert [one.result() for one in (POOL.submit(len, "a"), POOL.submit(len, "b"))] == [1, 1]

    def late():
        assert lazily().submit(len, "abc").result() == 3
"""


@pytest.mark.parametrize("name", ["early", "late"])
def test_an_executor_that_outlives_a_run_works_in_the_next_one(bench: Any, name: str) -> None:
    body = getattr(bench.load(KEPT), name)
    runs = [bench.once(body) for _ in range(3)]
    assert [run.failures for run in runs] == [()] * 3
    assert runs[1].schedule == runs[2].schedule


def test_one_that_is_not_rewound_does_too(bench: Any) -> None:
    module = bench.load(KEPT)
    bench.lab.note_state()
    bench.lab._rewinder = None
    runs = [bench.once(module.late) for _ in range(3)]
    assert [run.failures for run in runs] == [()] * 3


def test_one_with_workers_from_before_has_them_again(bench: Any) -> None:
    module = bench.load(KEPT)
    module.early()
    workers = set(module.POOL._threads)
    run = bench.once(module.early)
    assert (run.failures, run.uncontrolled) == ((), ())
    assert set(module.POOL._threads) == workers
    module.early()
    module.POOL.shutdown()
