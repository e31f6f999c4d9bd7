"""When an exploration stops, and what the first run leaves behind."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from racecheck.explore.explorer import ASTRAY, Explorer, Plan

OUTSIDE = """
    import os
    import threading

    def test():
        reading, writing = os.pipe()
        threads = [
            threading.Thread(target=os.read, args=(reading, 1)),
            threading.Thread(target=os.write, args=(writing, b"x")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os.close(reading)
        os.close(writing)
"""


def test_runs_that_all_leave_our_control_are_few(bench: Any) -> None:
    module = bench.load(OUTSIDE)
    verdict = Explorer(bench.lab, module.test, Plan("random", 100)).explore()
    assert (verdict.outcome, verdict.complete) == ("passes", False)
    assert verdict.schedules >= ASTRAY
    if verdict.away == verdict.schedules:
        assert verdict.schedules == ASTRAY
        assert any("left our control" in note for note in verdict.notes)


FAILS = """
    import threading

    def test():
        got = []
        threads = [threading.Thread(target=got.append, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [0, 1, 2]
"""


def test_a_failure_is_made_no_surer_once_time_is_over(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = bench.load(FAILS)
    explorer = Explorer(bench.lab, module.test, Plan())
    monkeypatch.setattr(explorer, "_is_late", lambda: True)
    verdict = explorer.explore()
    (one,) = [one for one in verdict.found if one.failure.kind == "assertion"]
    assert (one.replayed, one.replays, one.without, one.shrinking >= 0) == (1, 1, -1, True)


WARMS = """
    import threading
    import kept_by_nobody

    def test():
        thread = threading.Thread(target=list)
        if not kept_by_nobody.cache:
            kept_by_nobody.cache.append(1)
            another = threading.Thread(target=list)
            another.start()
            another.join()
        thread.start()
        thread.join()
"""


def test_what_only_the_first_run_does_is_no_want_of_repetition(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = ModuleType("kept_by_nobody")
    library.cache = []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, library.__name__, library)
    module = bench.load(WARMS)
    verdict = Explorer(bench.lab, module.test, Plan()).explore()
    assert (verdict.outcome, verdict.repeats) == ("passes", "")
