"""Finalizers whose lock only code takes that keeps the object alive, and those where it does not.

Extracted from a client of a database whose scheduler is stopped by `__del__`.
"""

import threading


class Scheduler:
    def __init__(self):
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self):
        with self._lock:
            self._stopped = True

    def __del__(self):
        self.stop()


class Client:
    def __init__(self):
        self._scheduler = Scheduler()

    def close(self):
        self._scheduler.stop()

    def __del__(self):
        self.close()


class Bare:
    """Its thread has the lock and not the object."""

    def __init__(self):
        self._lock = threading.Lock()
        self._open = True

    def start(self):
        lock = self._lock

        def work():
            with lock:
                print([1])

        threading.Thread(target=work).start()

    def __del__(self):
        with self._lock:  # RC326
            self._open = False


class Ticker:
    """Its own thread takes the lock, and knows nothing of the object that has made the ticker."""

    def __init__(self):
        self._lock = threading.Lock()
        self._seen = []
        self._thread = threading.Thread(target=self._run)

    def start(self):
        self._thread.start()

    def _run(self):
        with self._lock:
            self._seen.append([])

    def stop(self):
        with self._lock:  # RC326
            self._seen = []


class Owner:
    def __init__(self):
        self._ticker = Ticker()

    def start(self):
        self._ticker.start()

    def __del__(self):
        self._ticker.stop()


class Shared:
    """One object dies while another one holds the lock of all."""

    _lock = threading.Lock()

    def close(self):
        with self._lock:  # RC326
            self._open = False

    def __del__(self):
        self.close()


class Pool:
    def __init__(self):
        self._lock = threading.Lock()
        self._free = []

    def give(self, number):
        with self._lock:  # RC326
            self._free.append(number)


class Connection:
    """The pool is not its own: others use it when the connection dies."""

    def __init__(self, pool: Pool):
        self._pool = pool

    def __del__(self):
        self._pool.give(1)


class Lent:
    """The scheduler is its own, and somebody else has it as well."""

    def __init__(self, registry):
        self._scheduler = Other()
        registry.append(self._scheduler)

    def __del__(self):
        self._scheduler.stop()


class Other:
    def __init__(self):
        self._lock = threading.Lock()

    def stop(self):
        with self._lock:  # RC326
            print("stopped")
