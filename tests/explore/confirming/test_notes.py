"""What is noted of a run: who came where, and what lies between two sites."""

from __future__ import annotations

import threading

from racecheck.core.schedule import Schedule
from racecheck.explore.bounds import Bounds
from racecheck.explore.confirming.notes import Notes, Noting
from racecheck.explore.lab import Lab
from racecheck.explore.strategies.replay import Replay
from racecheck.runtime.deliver import sink
from racecheck.runtime.options import RuntimeOptions

GATE = "acquire m.py:4"


def test_the_first_operation_on_the_way_from_a_check_to_its_act() -> None:
    notes = Notes()
    notes.trails["0.1"] = ["acquire m.py:2", 1, GATE, "access m.py:5", 2]
    notes.trails["0.2"] = [2, GATE, 1, "access m.py:3", 1, GATE, 2]
    notes.trails["0.3"] = [1, GATE]
    notes.trails["0.4"] = [1, 2, GATE]
    assert notes.between({1}, {2}) == {GATE: {"0.1", "0.2"}}


def test_a_run_is_noted() -> None:
    class Page:
        hits = 0

        def show(self) -> None:
            with lock:
                self.hits += 1

    def body() -> None:
        page = Page()
        threads = [threading.Thread(target=page.show) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    options = RuntimeOptions(watch=("races",), backend="settrace", hang_timeout=0.0)
    with Lab(options, Bounds()) as lab:
        lock = threading.Lock()
        notes, strategy = Notes(), Replay(Schedule())
        strategy.begin()
        with notes.taken(lab):
            run = lab.run(Noting(strategy, notes), body)
            assert sink.arrive != lab.reach.arrive
        assert sink.arrive == lab.reach.arrive
    assert not run.failed
    (site,) = notes.sites.values()
    assert notes.at[site.number] == {"0.1", "0.2"}
    (key,) = (key for key in notes.keys if key.startswith("acquire "))
    assert notes.keys[key] == {"0.1", "0.2"}
    assert set(notes.names) >= {"0.1", "0.2"}
    trail = notes.trails["0.1"]
    assert trail.index(key) < trail.index(site.number)
