"""Parentheses that are missing."""

import threading

_lock = threading.Lock()
_stop = threading.Event()


def work(job):
    _lock.acquire()
    try:
        job()
    finally:
        _lock.release  # RC325


def loop(step):
    while not _stop.is_set:  # RC325
        step()


def busy():
    return True if _lock.locked else False  # RC325


class Runner:
    def __init__(self, target):
        self._thread = threading.Thread(target=target)
        self._guard = threading.RLock()
        self._ready = threading.Event()
        self._thread.start()

    def alive(self):
        if self._thread.is_alive:  # RC325
            return "yes"
        return "no"

    def run(self):
        if self._guard:  # RC325
            return
        self._ready.set  # RC325
