"""Who is held at a place may be so slow that others sleep enough meanwhile."""

from __future__ import annotations

from typing import Any

from racecheck.core.schedule import Schedule
from racecheck.explore.explorer import Explorer, Plan
from racecheck.explore.outcome import ASSERTION, RACE
from racecheck.explore.verdict import FAILS, PASSES
from tests.explore.test_lab import TWO

LATER = """
    import time

    class Account:
        def __init__(self):
            self.balance = 0

        def deposit(self):
            before = self.balance
            print(end="")
            self.balance = before + 10

        def later(self):
            time.sleep(60)
            self.deposit()

    def body():
        account = Account()
        together(account.deposit, account.later)
        assert account.balance == 20
"""
"""In the order of time, the second deposit comes when the first has long been over."""

POLLED = """
    import time

    class Job:
        def __init__(self):
            self.steps = 0
            self.done = False

        def work(self):
            self.steps += 1
            self.done = True

        def watch(self):
            while not self.done:
                time.sleep(1)
            self.steps += 1

    def body():
        job = Job()
        together(job.watch, job.work)
        assert job.done
"""
"""However long the one sleeps, the other has to do its work before it gets on."""


def test_time_passes_while_all_others_are_held(bench: Any) -> None:
    module = bench.load(TWO + LATER)
    verdict = Explorer(bench.lab, module.body, Plan(strategy="directed")).explore()
    assert verdict.outcome == FAILS
    shown = [one for one in verdict.found if one.failure.kind == ASSERTION]
    assert [(one.by, one.replayed, one.without) for one in shown] == [("directed", 10, 0)]
    again = Schedule.parse(shown[0].schedule.token)
    assert bench.once(module.body, again).failure_like(shown[0].failure.mark) is not None


def test_chance_alone_does_not_make_time_pass(bench: Any) -> None:
    module = bench.load(TWO + LATER)
    verdict = Explorer(bench.lab, module.body, Plan(strategy="pct", schedules=60)).explore()
    assert {one.failure.kind for one in verdict.found} <= {RACE}


def test_who_looks_for_what_is_held_back_does_not_look_for_ever(bench: Any) -> None:
    module = bench.load(TWO + POLLED)
    verdict = Explorer(bench.lab, module.body, Plan()).explore()
    assert not [one for one in verdict.found if one.failure.kind != RACE]
    assert verdict.reason == ""
    assert verdict.outcome == PASSES or verdict.found
