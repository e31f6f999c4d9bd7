"""Runs that are watched: what is kept of them, and that nothing else is different."""

from __future__ import annotations

from typing import Any

from racecheck.core.schedule import Schedule
from racecheck.explore.strategies.replay import Replay
from tests.explore.telling.stories import LOST, TOGETHER


def test_a_watched_run_is_the_same_run(bench: Any) -> None:
    module = bench.load(TOGETHER + LOST)
    for _ in range(3):
        bench.once(module.body)
    plain = bench.once(module.body)
    strategy = Replay(Schedule())
    strategy.begin()
    watched = bench.lab.run(strategy, module.body, watch=True)
    assert (plain.steps, plain.decisions, plain.failures) == (
        watched.steps,
        watched.decisions,
        watched.failures,
    )
    assert not plain.events
    assert [(event.thread, event.note) for event in watched.events if event.touched] == [
        ("a", "balance is 0"),
        ("a", "balance 0 -> 10"),
        ("b", "balance is 10"),
        ("b", "balance 10 -> 20"),
    ]


def test_code_of_the_user_is_never_run(bench: Any) -> None:
    source = """
class Loud:
    def __repr__(self):
        raise SystemError
    __str__ = __eq__ = __bool__ = __len__ = __hash__ = __format__ = __repr__


class Holder:
    def __init__(self):
        self.value = None
        self.items = {}

    @property
    def computed(self):
        self.asked = getattr(self, "asked", 0) + 1
        return self.asked

    def put(self):
        self.value = Loud()
        self.items["k"] = [Loud()]
        found = self.computed


def body():
    holder = Holder()
    together(holder.put, holder.put)
    assert holder.asked == 2, holder.asked
"""
    module = bench.load(TOGETHER + source)
    for _ in range(3):
        bench.once(module.body)
    strategy = Replay(Schedule())
    strategy.begin()
    run = bench.lab.run(strategy, module.body, watch=True)
    assert not [one for one in run.failures if one.kind != "race"]
    notes = [event.note for event in run.events if event.touched]
    assert "value is now <Loud>" in notes
    assert "items['k'] [<Loud>] -> [<Loud>]" in notes
    assert not bench.lab.session.faults()
