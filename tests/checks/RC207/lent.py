"""A lock that is given up by hand between one test and the act."""

import threading


class Once:
    def __init__(self, make):
        self._lock = threading.Lock()
        self._make = make
        self._left = 3

    def left(self):
        with self._lock:
            return self._left

    def take(self):
        with self._lock:
            if self._left > 0:  # RC207
                self._lock.release()
                try:
                    self._make()
                finally:
                    self._lock.acquire()
                self._left -= 1

    def more(self):
        with self._lock:
            self._left += 1
