"""Acquired after something in the try may have failed."""

import threading

_lock = threading.Lock()


def copy_row(source, target):
    try:
        row = source.read()
        _lock.acquire()  # RC305
        target.write(row)
    finally:
        _lock.release()


class Uploader:
    def __init__(self, client):
        self._client = client
        self._turn = threading.RLock()
        self.sent = 0

    def upload(self, path):
        try:
            data = open(path, "rb").read()
            self._turn.acquire()  # RC305
            self._client.send(data)
            self.sent += 1
        except OSError as error:
            print("not sent:", error)
        finally:
            self._turn.release()
