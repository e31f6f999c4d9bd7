"""Announced first, stored afterwards."""

import threading


class Fetcher:
    def __init__(self, client):
        self._client = client
        self._arrived = threading.Event()
        self.page = None
        self.status = None

    def start(self):
        threading.Thread(target=self._fetch).start()

    def _fetch(self):
        page, status = b"", 0
        try:
            page, status = self._client.fetch()
        except OSError:
            status = 503
        self._arrived.set()  # RC336
        self.page = page
        self.status = status

    def get(self):
        if not self._arrived.wait(30):
            raise TimeoutError
        return self.status, self.page
