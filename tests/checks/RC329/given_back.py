"""Released and taken again before the block ends."""

import threading

_lock = threading.Lock()
_slots = threading.Semaphore(2)


def step_out(job, rows):
    with _lock:
        for row in rows:
            _lock.release()
            try:
                job(row)
            finally:
                _lock.acquire()


def straight(job, rows):
    with _lock:
        _lock.release()
        value = job()
        _lock.acquire()
        rows.append(value)


class Unlocked:
    """A with block turned inside out."""

    def __init__(self, lock):
        self._lock = lock

    def __enter__(self):
        self._lock.release()

    def __exit__(self, *exc):
        self._lock.acquire()


class Dispatcher:
    def __init__(self):
        self._lock = threading.RLock()
        self._queue = []

    def run(self, handle):
        with self._lock:
            while self._queue:
                item = self._queue.pop()
                self._lock.release()
                handle(item)
                self._retake()

    def _retake(self):
        self._lock.acquire()

    def later(self, pool):
        with self._lock:
            pool.submit(lambda: self._lock.release())

    def move(self, other):
        with self._lock:
            other._lock.release()


def extra_slot(job):
    with _slots:
        job()
        _slots.release()


def after(job):
    with _lock:
        job()
    _lock.acquire()
    _lock.release()
