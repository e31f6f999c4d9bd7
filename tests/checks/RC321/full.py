"""Sections that do something, or that are questions."""
# option: min_confidence = possible

import threading

_lock = threading.Lock()
_slots = threading.Semaphore(3)
_count = 0


def count():
    with _lock:
        return _count


def constant(rows):
    with _lock:
        rows = 5
    return rows


def free():
    if _lock.acquire(False):
        _lock.release()
        return True
    return False


def until(stop):
    while True:
        with _lock:
            break
    return stop


def fail():
    with _lock:
        raise RuntimeError("always")


def throttle():
    with _slots:
        pass


def swallow(job):
    _lock.acquire()
    try:
        job()
    finally:
        _lock.release()


def generator():
    with _lock:
        yield


def nothing(stream):
    with open(stream):
        pass
