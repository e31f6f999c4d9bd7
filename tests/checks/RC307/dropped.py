"""Results of acquire that nobody looks at."""

import threading


class Cache:
    def __init__(self):
        self._lock = threading.Lock()
        self._rows = {}

    def put(self, key, value):
        self._lock.acquire(timeout=0.5)  # RC307
        self._rows[key] = value
        self._lock.release()

    def drop(self, key):
        self._lock.acquire(blocking=False)  # RC307
        try:
            del self._rows[key]
        finally:
            self._lock.release()

    def size(self):
        self._lock.acquire(True, 2.5)  # RC307
        number = len(self._rows)
        self._lock.release()
        return number

    def swap(self, other):
        with other._lock:
            self._lock.acquire(0)  # RC307
            self._rows, other._rows = other._rows, self._rows
            self._lock.release()
