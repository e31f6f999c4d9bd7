"""Waits whose predicate is tested again, or that have none."""

import threading
from time import monotonic


class Queue:
    def __init__(self):
        self._cond = threading.Condition()
        self._items = []
        self._closed = False
        self._event = threading.Event()

    def get(self):
        with self._cond:
            while not self._items:
                self._cond.wait()
            return self._items.pop()

    def get_for(self, timeout):
        end = monotonic() + timeout
        with self._cond:
            while not self._items:
                left = end - monotonic()
                if left <= 0 or not self._cond.wait(left):
                    raise TimeoutError
            return self._items.pop()

    def run(self, handle):
        while not self._closed:
            with self._cond:
                if not self._items:
                    self._cond.wait()
                    continue
                item = self._items.pop()
            handle(item)

    def drain(self, handle):
        while True:
            with self._cond:
                if self._closed:
                    break
                if not self._items:
                    self._cond.wait()
                batch, self._items = self._items, []
            for item in batch:
                handle(item)

    def try_get(self):
        with self._cond:
            if not self._items:
                self._cond.wait(1.0)
            return self._items.pop() if self._items else None

    def next_pulse(self):
        with self._cond:
            self._cond.wait()

    def wait_closed(self):
        with self._cond:
            self._cond.wait_for(lambda: self._closed)

    def ready(self):
        if not self._event.is_set():
            self._event.wait()

    def _sleep(self):
        if not self._items:
            self._cond.wait()

    def pop_all(self):
        with self._cond:
            while not self._items:
                self._sleep()
            items, self._items = self._items, []
            return items
