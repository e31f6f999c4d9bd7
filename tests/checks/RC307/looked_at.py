"""The result is used, or cannot be False."""

import threading

_lock = threading.Lock()


def tested(job):
    if _lock.acquire(timeout=1):
        try:
            job()
        finally:
            _lock.release()


def asserted(job):
    assert _lock.acquire(timeout=1)
    try:
        job()
    finally:
        _lock.release()


def forever(job):
    _lock.acquire(timeout=-1)
    try:
        job()
    finally:
        _lock.release()


def explicitly_blocking(job):
    _lock.acquire(True)
    try:
        job()
    finally:
        _lock.release()


def unknown_limit(job, limit):
    _lock.acquire(timeout=limit)
    try:
        job()
    finally:
        _lock.release()


def fresh():
    gate = threading.Lock()
    gate.acquire(False)
    threading.Timer(1.0, gate.release).start()
    gate.acquire()
    gate.release()


class Signal:
    """A lock used as a flag that one side sets and the other clears."""

    def __init__(self):
        self._flag = threading.Lock()

    def raise_it(self):
        self._flag.acquire(blocking=False)

    def clear(self):
        self._flag.acquire(blocking=False)
        self._flag.release()


def through_name(job):
    taken = _lock.acquire(blocking=False)
    try:
        job(taken)
    finally:
        if taken:
            _lock.release()
