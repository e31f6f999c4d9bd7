"""Who does what next, and what it comes to: with workers whose answers are made up."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from racecheck.bridge import spreading
from racecheck.bridge.orders import Answer, Order, Setup, packed, unpacked
from racecheck.bridge.spreading import Spread, Spreader
from racecheck.core.errors import UsageError
from racecheck.core.schedule import Schedule
from racecheck.explore.jobs.legs import Hit, Leg
from racecheck.explore.jobs.shares import Share
from racecheck.explore.outcome import ASSERTION, RACE, Failure
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Verdict
from racecheck.settings import Loaded, load


def settings(folder: Path) -> Loaded:
    return load(folder, {}, environment={})


class Scripted:
    """An executor whose workers answer as they are told, in the order that `next` chooses."""

    def __init__(self, answers: Callable[[Order], Answer], last_first: bool = False) -> None:
        self._answers = answers
        self._last_first = last_first
        self._waiting: list[tuple[Future[bytes], Order]] = []
        self.orders: list[Order] = []

    def submit(self, _: Callable[..., Any], /, *given: Any) -> Future[bytes]:
        order: Order = unpacked(given[1])
        self.orders.append(order)
        future: Future[bytes] = Future()
        self._waiting.append((future, order))
        return future

    def wait(self, running: Any, **_: Any) -> tuple[set[Future[bytes]], set[Future[bytes]]]:
        future, order = self._waiting.pop(-1 if self._last_first else 0)
        try:
            future.set_result(packed(self._answers(order)))
        except OSError as error:
            future.set_exception(error)
        return {future}, set(running) - {future}


HEAD = Leg(runs=3, shares=tuple(Share("pos", 25, first=25 * n, most=25) for n in range(4)))


def hit(number: int, kind: str = ASSERTION) -> Hit:
    failure = Failure(kind, f"{kind}", "x.py:1")
    return Hit(failure.mark, failure, number, "pos", Schedule())


def scripted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    legs: dict[int, Leg | str],
    last_first: bool = False,
    width: int = 4,
) -> tuple[Spread, Scripted]:
    def answers(order: Order) -> Answer:
        if order.whole is not None:
            numbers = [one.number for one in order.whole.hits]
            said = Verdict("t", FAILS, schedules=order.whole.runs, reason=str(numbers))
            return Answer(verdict=said)
        if order.share is None:
            return Answer(leg=HEAD)
        found = legs.get(order.share.first // 25, Leg(runs=25))
        if found == "gone":
            raise OSError("gone")
        return Answer(fault=found) if isinstance(found, str) else Answer(leg=found)

    executor = Scripted(answers, last_first)
    monkeypatch.setattr(spreading, "wait", executor.wait)
    setup = Setup(settings(tmp_path))
    (found,) = Spreader(executor, setup, width).explore([Order("t")])
    return found, executor


@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize("width", [1, 2, 4, 9])
def test_the_first_failure_in_order_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_first: bool, width: int
) -> None:
    legs: dict[int, Leg | str] = {
        1: Leg(runs=8, hits=(hit(7),)),
        2: Leg(runs=2, hits=(hit(1),)),
    }
    found, executor = scripted(tmp_path, monkeypatch, legs, last_first, width)
    assert found.verdict.reason == "[35]"
    assert found.verdict.schedules == 3 + 25 + 8
    asked = [one.share.first // 25 for one in executor.orders if one.share is not None]
    assert {0, 1} <= set(asked)
    if width == 1:
        assert 2 not in asked


@pytest.mark.parametrize("last_first", [False, True])
def test_all_shares_make_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_first: bool
) -> None:
    found, executor = scripted(tmp_path, monkeypatch, {}, last_first)
    assert (found.verdict.outcome, found.verdict.schedules) == (PASSES, 103)
    assert len(executor.orders) == 5


def test_a_race_is_followed_so_far_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legs: dict[int, Leg | str] = {0: Leg(runs=25, hits=(hit(2, RACE),))}
    found, _ = scripted(tmp_path, monkeypatch, legs)
    assert found.verdict.schedules == 3 + 2 + 61


def test_what_is_missing_makes_it_inconclusive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = scripted(tmp_path, monkeypatch, {1: "its process died", 3: "gone"})
    assert found.verdict.outcome == INCONCLUSIVE
    reason = "share 2 of 4 is missing (and 1 more): its process died"
    assert found.verdict.reason == reason
    assert found.verdict.schedules == 53


def test_a_failure_counts_though_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = scripted(tmp_path, monkeypatch, {0: "its process died", 2: Leg(25, (hit(3),))})
    assert found.verdict.outcome == FAILS


def test_time_that_is_over_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    later = iter([now, now, now + 1e6])
    monkeypatch.setattr(spreading.time, "monotonic", lambda: next(later, now + 1e6))
    found, _ = scripted(tmp_path, monkeypatch, {})
    assert found.verdict.outcome == PASSES
    assert found.verdict.schedules < 103


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "ANSWERS", 0.05)
    silent = Scripted(lambda _: Answer())
    monkeypatch.setattr(silent, "submit", lambda *_: Future())
    with pytest.raises(UsageError, match="no worker has answered"):
        Spreader(silent, Setup(settings(tmp_path)), 1).greet()
