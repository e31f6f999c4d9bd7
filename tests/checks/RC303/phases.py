"""New locks where nobody can hold the old one."""

import os
import threading
import weakref


class Worker:
    _lock = None

    def __init__(self, job):
        self.job = job
        self._guard = threading.Lock()
        self._reset_internal_locks()
        self.seen = []

    def _reset_internal_locks(self):
        self._inner = threading.Lock()

    def start(self):
        self._guard = threading.Lock()
        threading.Thread(target=self._run).start()

    def _run(self):
        with self._guard, self._inner:
            self.seen.append(self.job())

    def _after_fork(self):
        self._guard = threading.Lock()
        self._inner = threading.Lock()

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._guard = threading.Lock()
        self._inner = threading.Lock()

    def __deepcopy__(self, memo):
        other = Worker(self.job)
        other._guard = threading.Lock()
        return other

    @classmethod
    def lazily(cls):
        if cls._lock is None:
            cls._lock = threading.Lock()
        with cls._lock:
            return cls(print)


_lock = threading.Lock()


def use():
    with _lock:
        return os.getpid()


def reset_for_tests():
    global _lock
    _lock = threading.Lock()


def _child():
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_child)


class Sender:
    """Renews its lock in the child of a fork, through a weak reference to the method."""

    def __init__(self):
        self._mutex = threading.Lock()
        self.rows = []
        weak = weakref.WeakMethod(self._forget_thread)
        os.register_at_fork(after_in_child=lambda: weak()())

    def _forget_thread(self):
        self.rows = []
        self._mutex = threading.Lock()

    def send(self, row):
        with self._mutex:
            self.rows.append(row)
