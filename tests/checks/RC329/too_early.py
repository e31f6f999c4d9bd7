"""Released by hand, and once more by the with."""

import threading

_lock = threading.Lock()
_rows = []


def first():
    with _lock:
        if not _rows:
            _lock.release()  # RC329
            raise LookupError("no rows")
        return _rows[0]


class Uploader:
    def __init__(self, client):
        self._mutex = threading.RLock()
        self._client = client
        self._parts = []

    def flush(self):
        with self._mutex:
            parts = list(self._parts)
            self._parts.clear()
            self._mutex.release()  # RC329
            for part in parts:
                self._client.send(part)

    def retry(self):
        with self._mutex:
            try:
                self._client.send(self._parts[0])
            except OSError:
                self._mutex.release()  # RC329
                return False
            return True
