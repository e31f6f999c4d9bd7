"""Locks that every caller holds."""

from __future__ import annotations

from racecheck.analyses.lockset import GUESS, Locksets
from racecheck.analyses.named import Calls
from racecheck.analyses.strangers import Strangers
from tests.program.build import program


def inherited(source: str, name: str) -> dict[str, str]:
    """Names of the inherited locks of a method, and how they are known."""
    made = program(app=source)
    calls = Calls(made)
    locksets = Locksets(made, calls, Strangers(calls))
    return {h.lock.name: h.via for h in locksets.inherited(made.functions[f"app:{name}"])}


def test_a_lock_comes_down_a_chain_whose_end_stands_first() -> None:
    source = """
    import threading

    class Box:
        def __init__(self): self._lock = threading.Lock()
        def _last(self): ...
        def _third(self): self._last()
        def _second(self): self._third()
        def put(self):
            with self._lock: self._second()
    """
    assert inherited(source, "Box._last") == {"Box._lock": "Box._third"}
    again = source + "    def peek(self): self._third()\n"
    assert inherited(again, "Box._last") == {}
    assert inherited(again, "Box._second") == {"Box._lock": "Box.put"}


def test_methods_that_only_call_each_other_tell_nothing() -> None:
    source = """
    import threading

    class One:
        def tick(self): self.other.tock()

    class Other:
        def tock(self): self.one.tick()
    """
    assert inherited(source, "One.tick") == inherited(source, "Other.tock") == {}


def test_a_lock_that_is_given_back_was_taken_by_a_caller() -> None:
    source = """
    import threading

    class Box:
        def __init__(self): self._lock = threading.Lock()
        def done(self): self._lock.release()
    """
    assert inherited(source, "Box.done") == {"Box._lock": GUESS}
