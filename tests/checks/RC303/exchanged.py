"""Locks that are exchanged while others use them."""

import threading

_table_lock = threading.Lock()
_table = {}


def lookup(name):
    with _table_lock:
        return _table.get(name)


def store(name, value):
    with _table_lock:
        _table[name] = value


def flush():
    global _table_lock
    _table.clear()
    _table_lock = threading.Lock()  # RC303


class Session:
    def __init__(self):
        self._mutex = threading.RLock()
        self.rows = []

    def add(self, row):
        with self._mutex:
            self.rows.append(row)

    def clear(self):
        with self._mutex:
            self.rows = []
            self._mutex = threading.RLock()  # RC303
