"""A writer that marks itself, and readers that come in without a look at the mark."""

import threading


class ReadWriteLock:
    def __init__(self):
        self._cond = threading.Condition()
        self._readers = 0
        self._writer = None

    def acquire_read(self):
        with self._cond:
            self._readers += 1

    def release_read(self):
        with self._cond:
            self._readers -= 1
            if self._readers == 0 and self._writer is not None:
                self._cond.notify_all()

    def acquire_write(self):
        with self._cond:
            while self._writer is not None:
                self._cond.wait()
            self._writer = threading.current_thread()
            if self._readers > 0:
                self._cond.wait()  # RC316

    def release_write(self):
        with self._cond:
            self._writer = None
            self._cond.notify_all()
