"""Loops that hold a lock while they wait, and others who wait for it."""

import threading
import time


class Asked:
    """Somebody else waits for the lock of the loop."""

    def __init__(self):
        self._running = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def wait_until_idle(self):
        with self._running:
            return self._stopped

    def _run(self):
        with self._running:
            while not self._stopped:
                time.sleep(0.01)  # RC311


class Several:
    """Each of several workers waits for the others."""

    def __init__(self):
        self._turn = threading.Lock()
        self._stopped = False

    def start(self, count):
        for _ in range(count):
            threading.Thread(target=self._work, daemon=True).start()

    def stop(self):
        with self._turn:
            self._stopped = True

    def _work(self):
        while not self._stopped:
            with self._turn:
                time.sleep(0.01)  # RC311
