"""Calls by name, and the callers guessed from them."""

from __future__ import annotations

from racecheck.analyses.named import Calls, by_function
from racecheck.analyses.strangers import Strangers
from tests.program.build import program

SOURCE = """
import time
import threading

class Job:
    def stop(self): ...

def first(job: Job, other):
    job.stop()
    time.sleep(1)
    other.stop()

def second(other):
    threading.Thread(target=first).start()
    other.stop()
    Job()
"""


def test_calls_are_found_in_the_order_of_the_program() -> None:
    calls = Calls(program(app=SOURCE))
    found = calls.of(["threading.Thread", "time.sleep", "app.Job", "os.fork"])
    assert [link.call.path for link in found] == ["time.sleep", "threading.Thread", "Job"]
    assert [link.receiver for link in calls.ending(["stop"])] == ["job", "other", "other"]
    assert [f.name for f in by_function(calls.ending(["stop", "sleep"]))] == ["first", "second"]


def test_strangers_are_calls_on_objects_of_which_nothing_is_known() -> None:
    strangers = Strangers(Calls(program(app=SOURCE)))
    assert [link.caller.name for link in strangers.calling("stop")] == ["first", "second"]
    assert strangers.calling("close") == []
