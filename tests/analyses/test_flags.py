"""Which loops hang on a flag, and who writes it."""

from __future__ import annotations

import pytest

from racecheck.analyses.flags import FlagLoop, FlagWrites, loops_of
from racecheck.analyses.named import Calls
from racecheck.program.model import Program
from tests.program.build import program

WORKER = """
    import threading

    class Worker:
        def __init__(self, **options):
            self.running = False
            self.event = threading.Event()

        def run(self):
            while {test}:
                pass

        {more}
"""


def loop(test: str, more: str = "") -> tuple[Program, FlagLoop | None]:
    made = program(app=WORKER.format(test=test, more=more))
    return made, next(loops_of(made.functions["app:Worker.run"]), None)


@pytest.mark.parametrize(
    ("test", "text", "needed"),
    [
        ("self.running", "self.running", True),
        ("not self.running", "not self.running", False),
        ("self.running and self.step()", "self.running", True),
        ("not self.event.is_set()", "not self.event.is_set()", False),
        ("not self.event.wait(1)", "not self.event.is_set()", False),
    ],
)
def test_loops_on_a_flag(test: str, text: str, needed: bool) -> None:
    found = loop(test)[1]
    assert found is not None
    assert (found.text, found.needed) == (text, needed)


@pytest.mark.parametrize(
    "test", ["True", "self.running or self.step()", "len(self.running)", "self.step()", "x > 5"]
)
def test_other_loops(test: str) -> None:
    assert loop(test)[1] is None


def values(test: str, more: str = "") -> list[bool | None] | None:
    made, found = loop(test, more)
    assert found is not None
    writes = FlagWrites(made, Calls(made)).of(found)
    return None if writes is None else [write.value for write in writes]


def test_constants_are_known_and_the_rest_is_not() -> None:
    assert values("self.running") == [False]
    assert values("self.running", "def go(self, x): self.running = x") == [False, None]
    assert values("self.running", "def go(self): self.running = 1") == [False, True]
    assert values("self.running", "def go(self): self.running |= 1") == [False, None]


def test_an_event_is_unset_when_it_is_made() -> None:
    more = "def go(self): self.event.set(); self.event.clear()"
    assert values("not self.event.is_set()", more) == [False, True, False]


@pytest.mark.parametrize(
    "more",
    [
        "def go(self, name): setattr(self, name, True)",
        "def go(self, x): x.running = True",
        "def go(self, x): self.__dict__.update(x)",
        "def go(self, x): x.configure(self)",
        "def __setattr__(self, name, value): ...",
    ],
)
def test_a_flag_that_anybody_may_write(more: str) -> None:
    assert values("self.running", more) is None


def test_an_event_that_is_given_away() -> None:
    assert values("not self.event.is_set()", "def go(self, x): x.stop_with(self.event)") is None
