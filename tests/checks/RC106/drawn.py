"""Counters that are moved on and read again: a switch in between gives two threads one number."""
# also: RC101

import threading


class Called:
    """The call in between lets another thread move the counter on."""

    def __init__(self, journal):
        self._journal = journal
        self._last = 0
        for _ in range(2):
            threading.Thread(target=self._run).start()

    def _run(self):
        self._journal[self._draw()] = "run"

    def _draw(self):
        self._last += 1  # RC106
        self._journal.note("drawn")
        return self._last


class Straight:
    """No thread runs between the two but on a free-threaded build."""

    def __init__(self, journal):
        self._journal = journal
        self._last = 0
        for _ in range(2):
            threading.Thread(target=self._run).start()

    def _run(self):
        self._journal[self._draw()] = "run"

    def _draw(self):
        self._last += 1
        return self._last
