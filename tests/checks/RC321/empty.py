"""Sections with nothing in them."""
# option: min_confidence = possible

import threading

_lock = threading.RLock()
_rows = []


def add(row):
    with _lock:  # RC321
        pass
    _rows.append(row)


class Valve:
    def __init__(self):
        self._mutex = threading.Lock()
        self.turns = 0

    def turn(self):
        self._mutex.acquire()  # RC321
        self._mutex.release()
        self.turns += 1

    def wait_idle(self):
        with self._mutex:  # RC321
            ...
