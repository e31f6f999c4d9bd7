"""A change that does not ask whose transaction it is."""

import threading


class Storage:
    def __init__(self, path):
        self._lock = threading.RLock()
        self._commit_lock = threading.Lock()
        self._transaction = None
        self._resolved = []
        self._path = path

    def begin(self, transaction):
        self._commit_lock.acquire()
        with self._lock:
            self._transaction = transaction
            self._resolved.clear()

    def store(self, key, transaction):
        with self._lock:
            if transaction is self._transaction:
                raise RuntimeError("wrong transaction")
            self._resolved.append(key)

    def vote(self, transaction):
        with self._lock:
            if transaction is not self._transaction:
                raise RuntimeError("wrong transaction")
            return self._resolved  # RC124

    def finish(self, transaction):
        with self._lock:
            if transaction is not self._transaction:
                raise RuntimeError("wrong transaction")
            self._transaction = None
            self._commit_lock.release()
