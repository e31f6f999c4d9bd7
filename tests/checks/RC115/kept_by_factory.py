"""What a factory keeps is not its caller's alone."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Table:
    def __init__(self):
        self.rows = {}

    def put(self, key, row):
        self.rows[key] = row

    def shown(self):
        return [str(row) for row in self.rows.values()]  # RC115


KEPT = []


def empty():
    table = Table()
    KEPT.append(table)
    return table


def _fill(table, lines):
    for line in lines:
        table.put(*line)


def load(lines):
    table = empty()
    _fill(table, lines)
    return table.shown()


class Master:
    def __init__(self):
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(2)
        self.count = 0
        self.table = Table()

    def read(self, lines):
        with self._lock:
            self.count += 1
        return self._pool.submit(load, lines)

    def show(self, lines):
        _fill(self.table, lines)
        return self.table.shown()
