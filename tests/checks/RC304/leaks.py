"""Paths that leave with the lock held."""

import contextlib
import threading

_lock = threading.Lock()
_rows = {}


def early_return(key):
    _lock.acquire()  # RC304
    if key not in _rows:
        return None
    row = _rows.pop(key)
    _lock.release()
    return row


def raising(key, value):
    _lock.acquire()  # RC304
    if key in _rows:
        raise KeyError(key)
    _rows[key] = value
    _lock.release()


def exceptional(key, load):
    _lock.acquire()  # RC304
    _rows[key] = load(key)
    _lock.release()


def other_branch(key, value):
    _lock.acquire()  # RC304
    try:
        if value is None:
            _lock.release()
            return False
        _rows[key] = str(value)
    except ValueError:
        return False
    _lock.release()
    return True


class Device:
    def __init__(self, port):
        self._busy = threading.RLock()
        self._port = port

    @contextlib.contextmanager
    def claimed(self):
        self._busy.acquire()
        self._port.open()
        yield self._port  # RC304
        self._port.close()
        self._busy.release()

    def poll(self):
        if not self._busy.acquire(blocking=False):  # RC304
            return None
        if not self._port.ready():
            return None
        try:
            return self._port.read()
        finally:
            self._busy.release()
