"""What is one step on a build with the GIL: a note there, an error on free-threaded builds."""

from __future__ import annotations

import pytest

from racecheck import api
from racecheck.core.finding import Severity

STATISTICS = """
import logging
import threading

log = logging.getLogger(__name__)


class Zones:
    def __init__(self):
        self._lock = threading.Lock()
        self.requests = 0
        self.cached = True

    def poll(self):
        if self.cached:
            self.requests += 1
            return
        self.feed("")

    def feed(self, text):
        with self._lock:
            self.requests += 1
            self.last = USE

    def report(self):
        with self._lock:
            return f"{self.requests} requests"
"""


def severities(text: str, free_threaded: bool = False) -> list[Severity]:
    found = api.lint_sources({"zones.py": text}, free_threaded=free_threaded)
    return [one.severity for one in found if one.code == "RC102"]


LOGGED = "log.debug('%s, %s', text, str(self.requests))"


@pytest.mark.parametrize("use", ["text", "log.debug('%s, %s', self.requests, text)", LOGGED])
def test_a_count_in_one_step_is_a_note(use: str) -> None:
    text = STATISTICS.replace("USE", use)
    assert severities(text) == [Severity.NOTE]
    assert severities(text, free_threaded=True) == [Severity.ERROR]


def test_a_number_that_only_one_side_reads_back_is_lost_by_nobody() -> None:
    assert severities(STATISTICS.replace("USE", "self.requests")) == [Severity.NOTE]


def test_a_thread_that_only_a_test_starts_is_not_named() -> None:
    test = """
import threading
from zones import Zones


def test_poll():
    zones = Zones()
    threading.Thread(target=zones.poll).start()
"""
    texts = {"zones.py": STATISTICS.replace("USE", "text"), "tests/test_zones.py": test}
    (found,) = (one for one in api.lint_sources(texts) if one.code == "RC102")
    assert {step.thread for step in found.steps} == {""}
