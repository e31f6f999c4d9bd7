"""A loop that tests with the lock given up in the round before."""

import threading
from heapq import heappop, heappush


class Results:
    def __init__(self):
        self._ready = threading.Condition()
        self._queue = []
        self._current = 0

    def put(self, index, result):
        with self._ready:
            heappush(self._queue, (index, result))
            self._ready.notify()

    def reset(self):
        with self._ready:
            self._current = 0

    def results(self, take):
        with self._ready:
            while self._queue:
                if self._queue[0][0] == self._current:  # RC214
                    _, result = heappop(self._queue)
                    self._ready.release()
                    take(result)
                    with self._ready:
                        self._current += 1
