"""Two threads that pass at once do the work twice, or one of them sets the time back."""

import threading
import time


class Flusher:
    def __init__(self, sink):
        self._lock = threading.Lock()
        self._sink = sink
        self._last = time.monotonic()

    def start(self):
        for _ in range(3):
            threading.Thread(target=self._run).start()

    def _run(self):
        while True:
            if time.monotonic() - self._last >= 30:  # RC214
                self._last = time.monotonic()
                with self._lock:
                    self._sink.flush()


class Reporter:
    def __init__(self, sink):
        self._lock = threading.Lock()
        self._sink = sink
        self._lines = []
        self._last = time.monotonic()

    def start(self):
        for _ in range(3):
            threading.Thread(target=self._run).start()

    def rest(self):
        self._last = 0.0

    def _run(self):
        while True:
            if time.monotonic() - self._last >= 30:  # RC214
                self._last = time.monotonic()
                with self._lock:
                    if self._lines:
                        self._sink.write(self._lines)
