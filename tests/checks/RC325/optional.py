"""Locks that may be missing, and methods that are passed on."""

import atexit
import threading


class Cache:
    lock_class = threading.Lock

    def __init__(self, lock=None, thread_safe=True):
        self._lock = lock
        self._own = threading.Lock() if thread_safe else None
        self._late = None
        self._stop = threading.Event()
        self.rows = {}

    def open(self):
        self._late = threading.RLock()

    def get(self, key):
        if self._lock:
            with self._lock:
                return self.rows.get(key)
        if self._own:
            with self._own:
                return self.rows.get(key)
        if not self._late:
            return None
        return self.rows[key]

    def close(self):
        self._late = None

    def run(self):
        stopped = self._stop.is_set
        while not stopped():
            self.rows.clear()
        atexit.register(self._stop.set)

    def maybe(self, condition):
        if condition and self._stop.is_set():
            return None
        return self._stop.wait if condition else None


class Switch:
    """`done` is a plain attribute here."""

    def __init__(self):
        self.done = False
        self.is_set = False

    def poll(self):
        if self.done or self.is_set:
            return True
        return False


def create(lock):
    if not lock:
        lock = threading.Lock()
    return lock


def rebind(flag):
    lock = threading.Lock()
    if flag:
        lock = None
    if lock:
        lock.acquire()
        lock.release()
