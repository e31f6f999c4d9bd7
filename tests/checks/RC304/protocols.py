"""Acquisitions that are released elsewhere, or on every path after all."""

import contextlib
import threading
import time

_lock = threading.Lock()
_gate = threading.Semaphore(2)
_once = threading.Lock()


class Guarded:
    """A lock with a name of its own."""

    def __init__(self):
        self._mutex = threading.Lock()
        self.depth = 0

    def __enter__(self):
        self._mutex.acquire()
        self.depth += 1
        return self

    def __exit__(self, *exc):
        self.depth -= 1
        self._mutex.release()

    def lock(self, wait=True):
        if wait:
            self._mutex.acquire()
            return True
        return self._mutex.acquire(False)

    def unlock(self):
        self._mutex.release()


def timed(sink):
    taken = _lock.acquire(timeout=2)
    if not taken:
        raise TimeoutError
    try:
        sink.flush()
    finally:
        _lock.release()


def spinning(sink):
    while not _lock.acquire(False):
        time.sleep(0.01)
    try:
        sink.flush()
    finally:
        _lock.release()


def optional(sink, locking):
    if locking:
        _lock.acquire()
    try:
        sink.flush()
    finally:
        if locking:
            _lock.release()


def correlated(sink, locking):
    if locking:
        _lock.acquire()
    sink.count = 1
    if locking:
        _lock.release()


def slot(job):
    _gate.acquire()
    return job()


def first_time(job):
    if not _once.acquire(blocking=False):
        return
    job()


@contextlib.contextmanager
def stepping():
    _lock.acquire()
    try:
        yield
    finally:
        _lock.release()


def handed_over(pool, job):
    _lock.acquire()
    future = pool.submit(job)
    future.add_done_callback(lambda _: _lock.release())
    return future


def rethrowing(sink):
    _lock.acquire()
    try:
        sink.flush()
    except BaseException:
        _lock.release()
        raise
    _lock.release()


def plain(rows):
    _lock.acquire()
    total = 1 if rows else 2
    _lock.release()
    return total


def _give_back():
    _lock.release()


def through_helper(sink):
    _lock.acquire()
    try:
        sink.flush()
    finally:
        _give_back()


def nested(sink):
    with contextlib.ExitStack() as stack:
        _lock.acquire()
        stack.callback(_lock.release)
        sink.flush()


class Baton:
    """A gate that the last one in opens for the others: released by another thread."""

    def __init__(self):
        self._door = threading.Lock()
        self._exit = threading.Lock()
        self._exit.acquire()

    def enter(self, last_in, last_out):
        self._door.acquire()
        if last_in:
            self._exit.release()
            return
        self._door.release()
        self._exit.acquire()
        if last_out:
            self._door.release()
            return
        self._exit.release()


class Reader:
    """Every way out of the loop passes the finally."""

    def __init__(self, source):
        self._source = source
        self._turn = threading.Lock()
        self._waiting = {}

    def next_answer(self, wanted):
        while True:
            number, row = self._source.read()
            self._turn.acquire()
            try:
                if number not in self._waiting:
                    if wanted is None:
                        break
                    continue
                self._waiting.pop(number)
            finally:
                self._turn.release()
            if number == wanted:
                return row
        return None


class Slots:
    """The lock goes by two names."""

    def __init__(self):
        self._turn = threading.Lock()

    def shared_lock(self):
        return self._turn

    def run(self, job):
        turn = self._turn
        turn.acquire()
        try:
            job()
        finally:
            self._turn.release()
