"""One notify is enough here."""

import threading


class Relay:
    """Each waiter that sees the end wakes the next one."""

    def __init__(self):
        self._cond = threading.Condition()
        self._items = []
        self._closed = False

    def get(self):
        with self._cond:
            while not self._items and not self._closed:
                self._cond.wait()
            if self._closed:
                self._cond.notify()
                return None
            return self._items.pop()

    def close(self):
        with self._cond:
            self._closed = True
            self._cond.notify()


class Polling:
    def __init__(self):
        self._cond = threading.Condition()
        self._stopped = False

    def run(self):
        with self._cond:
            while not self._stopped:
                self._cond.wait(1.0)

    def stop(self):
        with self._cond:
            self._stopped = True
            self._cond.notify()


class Single(threading.Thread):
    """The thread itself is the only waiter."""

    def __init__(self):
        super().__init__()
        self._cond = threading.Condition()
        self._stopping = False
        self._rows = []

    def run(self):
        with self._cond:
            while not self._stopping and not self._rows:
                self._cond.wait()

    def stop(self):
        with self._cond:
            self._stopping = True
            self._cond.notify()


class Returned:
    """`release` gives one permit back: one waiter can use it."""

    def __init__(self, permits):
        self._cond = threading.Condition()
        self._permits = permits

    def acquire(self):
        with self._cond:
            while self._permits == 0:
                self._cond.wait()
            self._permits -= 1

    def release(self):
        with self._cond:
            self._permits += 1
            self._cond.notify()
