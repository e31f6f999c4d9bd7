"""Thread objects and their starts."""

from __future__ import annotations

import pytest

from racecheck.analyses.named import Calls
from racecheck.analyses.starts import Threads
from racecheck.catalog.load import models
from tests.program.build import program


def threads(source: str) -> Threads:
    made = program(app=source)
    return Threads(made, models(), Calls(made))


@pytest.mark.parametrize(
    ("lines", "body", "owner"),
    [
        ("threading.Thread(target=self.run).start()", "Job.run", "self"),
        ("t = threading.Thread(target=self.run); t.start()", "Job.run", "self"),
        ("self._t = t = threading.Thread(target=other.run); t.start()", "Job.run", "other"),
        ("threading.Timer(1, work).start()", "work", ""),
        ("t = Sub(); t.start()", "Sub.run", "t"),
        ("threading.Thread(target=lambda: self.run()).start()", "Job.go.<lambda:10>", "self"),
    ],
)
def test_what_a_start_runs(lines: str, body: str, owner: str) -> None:
    known = threads(
        f"""
        import threading

        def work(): ...

        class Job:
            def run(self): ...

            def go(self, other: "Job"):
                pass; {lines}

        class Sub(threading.Thread):
            def run(self): ...
        """
    )
    assert [(s.body.label, s.owner) for s in known.starts] == [(body, owner)]


def test_a_thread_in_an_attribute_is_started_elsewhere() -> None:
    known = threads(
        """
        import threading

        class Base:
            def __init__(self):
                self._thread = threading.Thread(target=self.main)

            def main(self): ...

        class Job(Base):
            def open(self):
                self._thread.start()
        """
    )
    (start,) = known.starts
    found = (start.function.label, start.body.label, start.owner)
    assert found == ("Job.open", "Base.main", "self")
    assert known.of_body(start.body) == [start]


def test_two_candidates_are_as_good_as_none() -> None:
    known = threads(
        """
        import threading

        class Job:
            def one(self):
                self._thread = threading.Thread(target=print)

            def two(self):
                self._thread = threading.Thread(target=len)

            def open(self):
                self._thread.start()
        """
    )
    assert len(known.made) == 2
    assert known.starts == []
