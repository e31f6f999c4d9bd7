"""Stored first, or read in safety."""

import threading


class Fetcher:
    def __init__(self, client):
        self._client = client
        self._begun = threading.Event()
        self._arrived = threading.Event()
        self._thread = None
        self.page = None
        self.progress = None
        self.finished_at = None
        self._idle = threading.Event()
        self._idle.set()
        self.rows = list(range(3))

    def take(self):
        self._idle.wait()
        return self.rows

    def start(self):
        self._thread = threading.Thread(target=self._fetch)
        self._thread.start()
        self._begun.wait()
        return self.progress

    def _fetch(self):
        self.progress = 0.0
        self._begun.set()
        try:
            self.page = self._client.fetch()
        finally:
            self._arrived.set()
            self.finished_at = self._client.clock()

    def get(self):
        self._arrived.wait()
        return self.page

    def duration(self):
        self._arrived.wait()
        self._thread.join()
        return self.finished_at
