"""Counters that any thread may bump, and the thread that writes them down."""

from __future__ import annotations

import json
import threading
from pathlib import Path


class Counters:
    """Named counters, guarded by a mutex: `bump` is safe from any thread."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._counts: dict[str, int] = {}
        self._slowest = 0.0

    def bump(self, name: str, seconds: float) -> None:
        """Count one request and how long it took."""
        with self._mutex:
            self._counts[name] = self._counts.get(name, 0) + 1
            self._slowest = max(self._slowest, seconds)

    def total(self) -> int:
        """All requests so far."""
        with self._mutex:
            return sum(self._counts.values())

    def snapshot(self) -> dict[str, float]:
        """All counters at one moment."""
        with self._mutex:
            return {**self._counts, "slowest": self._slowest}


class Flusher(threading.Thread):
    """Writes the counters to a file every `interval` seconds, and once more at the end."""

    def __init__(self, counters: Counters, path: Path | None, interval: float = 2.0) -> None:
        super().__init__(name="flusher")
        self._counters = counters
        self._path = path
        self._interval = interval
        self._wake = threading.Event()
        self.running = True

    def run(self) -> None:
        """The thread."""
        while self.running:
            self._wake.wait(self._interval)
            self.flush()

    def flush(self) -> None:
        """Append one line of JSON."""
        if self._path is None or not self._counters.total():
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self._counters.snapshot()) + "\n")

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.running = False
        self._wake.set()
        self.join()
