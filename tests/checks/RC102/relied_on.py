"""Containers that start over while a critical section relies on them staying what they are."""

import threading


class Stock:
    """The section looks twice: between the test and the lookup the table is another one."""

    def __init__(self):
        self._lock = threading.Lock()
        self._amounts = {}

    def amount(self, name):
        with self._lock:
            if name in self._amounts:
                return self._amounts[name]
            return 0

    def put(self, name, amount):
        with self._lock:
            self._amounts[name] = amount

    def forget(self):
        self._amounts = {}  # RC102


class Ledger:
    """The section stores what it read: the list that was emptied comes back."""

    def __init__(self):
        self._lock = threading.Lock()
        self._lines = []

    def keep(self, wanted):
        with self._lock:
            self._lines = [line for line in self._lines if wanted(line)]

    def add(self, line):
        with self._lock:
            self._lines.append(line)

    def restart(self):
        self._lines = []  # RC102


class Window:
    """Two attributes that are changed in one section: only one of them starts over."""

    def __init__(self):
        self._lock = threading.Lock()
        self._samples = []
        self._total = 0

    def add(self, sample):
        with self._lock:
            self._samples.append(sample)
            self._total += sample

    def samples(self):
        with self._lock:
            return [sample for sample in self._samples]

    def restart(self):
        self._samples = []  # RC102


class Tickets:
    """Both sides hand out the number that they counted: two can be the same."""

    def __init__(self):
        self._lock = threading.Lock()
        self._last = 0

    def next(self):
        with self._lock:
            self._last += 1
            return self._last

    def last(self):
        with self._lock:
            return self._last

    def urgent(self):
        self._last += 1  # RC102
        return -self._last


class Batch:
    """What is appended between the copy and the new list is sent by nobody."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rows = []

    def add(self, row):
        with self._lock:
            self._rows.append(row)

    def flush(self, send):
        with self._lock:
            for row in self._rows:
                send(row)
            self._rows = []

    def hurry(self, row):
        self._rows.append(row)  # RC102
