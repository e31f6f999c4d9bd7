"""Who sends stores the time of it; what is left to send is looked up under the lock."""

import threading
import time


class Client:
    def __init__(self, queue):
        self._lock = threading.Lock()
        self._queue = queue
        self._pending = []
        self._last = time.time()

    def start(self):
        threading.Thread(target=self._consume).start()

    def add(self, record):
        with self._lock:
            self._pending.append(record)
            if len(self._pending) > 100:
                self._send()

    def _send(self):
        self._last = time.time()
        self._queue.put(self._pending)
        self._pending = []

    def _consume(self):
        while True:
            if time.time() - self._last >= 30:
                self._last = time.time()
                with self._lock:
                    if self._pending:
                        self._send()
