"""Verdicts on findings: what a run shows, what keeps it away, and what nobody reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.bridge.attack import Limits
from racecheck.bridge.confirm import (
    CONFIRMED,
    INCONCLUSIVE,
    REFUTED,
    UNREACHED,
    UNSTEERED,
    counts,
)
from racecheck.core.finding import Confidence, Finding, Origin
from tests.bridge.confirming import COUNTER, confirmed

SPLIT = """\
class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 100

    def withdraw(self):
        with self.lock:
            enough = self.balance >= 80  # 1 check
        if enough:
            with self.lock:
                self.balance -= 80  # 2 act
"""

ORDERS = """\
first, second, gate = threading.Lock(), threading.Lock(), threading.Lock()

def up():
    with first:
        with second:  # 1 acquire held
            pass

def down():
    with second:
        with first:  # 2 acquire held
            pass

def gated(function):
    def run():
        with gate:
            function()
    return run
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_race_is_confirmed_with_a_schedule_and_a_story(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.show, page.show)\n"
    found, confirmer = confirmed(project, text, "RC106", "Page.hits")
    assert (found.verdict, found.confidence) == (CONFIRMED, Confidence.CONFIRMED)
    assert found.origin is Origin.EXPLORE
    assert found.schedule.startswith("rc1:") and found.steps
    assert any(line == "test: m:test" for line in found.evidence)
    assert any("replayed 10 of 10 times" in line for line in found.evidence)
    assert "shared: somehow" in found.evidence
    assert counts([found]) == "1 confirmed"
    assert len(confirmer.found) == 1


def test_a_finding_is_the_same_before_and_after(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.show, page.show)\n"
    found, confirmer = confirmed(project, text, "RC106", "Page.hits")
    before = confirmer.open[0].case.finding
    assert found.fingerprint == before.fingerprint
    assert (found.code, found.message, found.place) == (before.code, before.message, before.place)


def test_a_lock_of_the_callers_refutes_it(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.guarded, page.guarded)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert (found.verdict, found.confidence) == (REFUTED, Confidence.POSSIBLE)
    assert not found.schedule
    said = found.evidence[0]
    assert said.startswith("refuted in this test: ")
    assert "waits for `Page.lock`" in said and "which thread 0.1 holds since" in said
    assert said.count("explored_") == 2, said


def test_one_page_for_each_thread_refutes_it(project: Path) -> None:
    text = COUNTER + "def test():\n    both(Page().show, Page().show)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert found.verdict == REFUTED
    assert "stood there together, before different objects" in found.evidence[0]


def test_an_order_refutes_it(project: Path) -> None:
    text = """\
class Page:
    def fill(self):
        self.hits = 1  # 1 write

    def show(self):
        return self.hits  # 2 read

def test():
    page, over = Page(), threading.Event()
    idle = threading.Thread(target=over.wait)
    idle.start()
    page.fill()
    both(page.show, page.show)
    over.set()
    idle.join()
"""
    found, _ = confirmed(project, text, "RC101", "Page.hits")
    assert found.verdict == REFUTED
    assert "is started after MainThread was there" in found.evidence[0]


def test_what_is_done_before_there_are_threads(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    page.show()\n    both(int, int)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert found.verdict == UNREACHED
    assert "while other threads run" in found.evidence[0]


def test_an_end_that_is_waited_for_refutes_it(project: Path) -> None:
    text = """\
class Page:
    hits = 0

    def show(self):
        self.hits += 1  # 1 update

def test():
    page = Page()
    for _ in range(2):
        thread = threading.Thread(target=page.show)
        thread.start()
        thread.join()
"""
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert found.verdict == REFUTED
    assert "is started after" in found.evidence[0] or "has ended before" in found.evidence[0]


def test_a_side_that_nobody_reaches(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.lock.locked, int)\n"
    found, confirmer = confirmed(project, text, "RC106", "Page.hits")
    assert (found.verdict, found.confidence) == (UNREACHED, Confidence.LIKELY)
    assert found.evidence[0].startswith("not reached: nobody reaches explored_")
    assert found.evidence[0].endswith(" while other threads run in this test")
    assert not confirmer.wanted


def test_a_side_that_one_thread_reaches(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.show, int)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert found.verdict == UNREACHED
    assert "no two threads reach" in found.evidence[0]


def test_a_stale_check_that_an_assertion_shows(project: Path) -> None:
    body = "    account = Account()\n    both(account.withdraw, account.withdraw)\n"
    text = f"{SPLIT}def test():\n{body}    assert account.balance >= 0\n"
    found, _ = confirmed(project, text, "RC207", "Account.balance")
    assert found.verdict == CONFIRMED
    assert found.steps[-1].role == "fails"
    assert any("both found `balance` = 100" in line for line in found.evidence)


def test_a_stale_check_that_nobody_asserts(project: Path) -> None:
    """No race, no exception: that one acts on what the other has changed is seen all the same."""
    body = "    account = Account()\n    both(account.withdraw, account.withdraw)\n"
    found, _ = confirmed(project, f"{SPLIT}def test():\n{body}", "RC207", "Account.balance")
    assert found.verdict == CONFIRMED
    assert any("after" in line and "has checked it" in line for line in found.evidence)


def test_a_check_and_its_act_under_a_lock_of_the_callers(project: Path) -> None:
    text = f"""{SPLIT}
outer = threading.Lock()

def test():
    account = Account()

    def safe():
        with outer:
            account.withdraw()

    both(safe, safe)
"""
    found, _ = confirmed(project, text, "RC207", "Account.balance")
    assert found.verdict == REFUTED
    assert "waits for `outer`" in found.evidence[0]


def test_locks_in_both_orders(project: Path) -> None:
    found, _ = confirmed(project, ORDERS + "def test():\n    both(up, down)\n", "RC309", "a, b")
    assert found.verdict == CONFIRMED
    assert any("each holds what the next one asks for" in line for line in found.evidence)


def test_locks_in_both_orders_under_a_third(project: Path) -> None:
    text = ORDERS + "def test():\n    both(gated(up), gated(down))\n"
    found, _ = confirmed(project, text, "RC309", "a, b")
    assert found.verdict == REFUTED
    assert "waits for `gate`" in found.evidence[0]


def test_whoever_is_held_may_be_so_slow_that_others_wake(project: Path) -> None:
    text = f"""{ORDERS}
def test():
    import time

    def later():
        time.sleep(1)
        down()

    both(up, later)
"""
    found, _ = confirmed(project, text, "RC309", "a, b")
    assert found.verdict == CONFIRMED


def test_what_only_time_keeps_away_is_not_refuted(project: Path) -> None:
    text = f"""{ORDERS}
def test():
    never = threading.Event()

    def later():
        never.wait(1)
        down()

    both(up, later)
"""
    found, _ = confirmed(project, text, "RC309", "a, b")
    assert (found.verdict, found.confidence) == (INCONCLUSIVE, Confidence.LIKELY)
    assert "waits for the time" in found.evidence[0]


def test_the_cheapest_tests_are_tried_first_until_one_shows_it(project: Path) -> None:
    text = (
        COUNTER
        + """
def test_long():
    page = Page()

    def many():
        for _ in range(300):
            page.show()

    both(many, many)

def test_short():
    page = Page()
    both(page.show, page.show)
"""
    )
    found, confirmer = confirmed(project, text, "RC106", "Page.hits")
    assert "test: m:test_short" in found.evidence
    assert confirmer.tests == 2 and len(confirmer.found) == 1


def test_a_lock_in_one_test_does_not_refute_what_another_shows(project: Path) -> None:
    tests = """
def test_guarded():
    page = Page()
    both(page.guarded, page.guarded)

def test_open():
    page = Page()
    both(page.show, page.guarded)
"""
    found, _ = confirmed(project, COUNTER + tests, "RC106", "Page.hits")
    assert found.verdict == CONFIRMED
    assert "test: m:test_open" in found.evidence


def test_what_no_schedule_decides(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.show, page.show)\n"
    found, confirmer = confirmed(project, text, "RC402", "Page.hits")
    assert found.verdict == UNSTEERED and found.confidence is Confidence.LIKELY
    assert not confirmer.open and not confirmer.wanted


def test_a_test_that_fails_for_another_reason_confirms_nothing(project: Path) -> None:
    text = COUNTER + (
        "def test():\n    page = Page()\n    both(page.guarded, page.guarded)\n"
        "    raise ValueError('always')\n"
    )
    found, _ = confirmed(project, text, "RC106", "Page.hits")
    assert found.verdict != CONFIRMED


def test_a_verdict_needs_a_try(project: Path) -> None:
    text = COUNTER + "def test():\n    page = Page()\n    both(page.guarded, page.guarded)\n"
    found, _ = confirmed(project, text, "RC106", "Page.hits", limits=Limits(1, 0.0))
    assert found.verdict == INCONCLUSIVE


def test_verdicts_are_counted_in_one_order() -> None:
    def one(verdict: str) -> Finding:
        from dataclasses import replace

        from tests.bridge.confirming import finding

        return replace(finding("m.py", "x  # 1 read", "RC101", "x"), verdict=verdict)

    found = [one(UNSTEERED), one(REFUTED), one(CONFIRMED), one(REFUTED)]
    assert counts(found) == "1 confirmed, 2 refuted, 1 cannot be steered"
