"""Conditions held by a caller, under another name, or by hand."""

import threading

_lock = threading.RLock()
_ready = threading.Condition(_lock)
_rows = []


def append(row):
    with _lock:
        _rows.append(row)
        _ready.notify()


def by_hand(row):
    _ready.acquire()
    try:
        _rows.append(row)
        _ready.notify_all()
    finally:
        _ready.release()


def alias(row):
    cond = _ready
    with cond:
        _rows.append(row)
        _ready.notify_all()


class Base:
    def __init__(self):
        self.cond = threading.Condition()
        self.rows = []

    def put(self, row):
        with self.cond:
            self._put(row)

    def put_many(self, rows):
        with self.cond:
            for row in rows:
                self._put(row)

    def _put(self, row):
        self.rows.append(row)
        self.changed()

    def changed(self):
        self.cond.notify_all()

    def flush_locked(self):
        self.rows.clear()
        self.cond.notify_all()

    def signal(self):
        """Wake the waiters. The caller must hold `cond`."""
        self.cond.notify()


class Monitor:
    """Takes the lock in `__enter__`, so all else is called with it held."""

    def __init__(self):
        self._cond = threading.Condition()

    def __enter__(self):
        self._cond.acquire()
        return self

    def __exit__(self, *exc):
        self._cond.release()

    def signal(self):
        self._cond.notify_all()

    def pause(self):
        self._cond.wait()


class Latch:
    def __init__(self):
        self._cond = threading.Condition()
        self._open = False

    def pass_through(self):
        def opened():
            return self._open

        with self._cond:
            self._cond.wait_for(opened)

    def open(self, later):
        def finish():
            self._open = True
            self._cond.notify_all()

        with self._cond:
            later(finish)


class Channel:
    """`wait` of an unknown object is no condition wait."""

    def __init__(self, process):
        self.process = process

    def stop(self):
        self.process.notify()
        self.process.wait()
