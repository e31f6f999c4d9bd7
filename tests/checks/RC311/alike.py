"""A lock that a single function takes: do those who wait for it want the same?"""

import functools
import threading
import time
import urllib.request


class Rate:
    """A limit of rate: whoever comes next waits in order to wait."""

    def __init__(self):
        self._lock = threading.Lock()
        self._last = 0.0

    def send(self, request):
        with self._lock:
            wait = self._last + 1 - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self._last = time.monotonic()
        return request


class Hosts:
    """Who asks for one host waits for the answer of another."""

    def __init__(self):
        self._lock = threading.Lock()

    def ask(self, url):
        with self._lock:
            return _answer(url)  # RC311


def _answer(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


_quiet = threading.Lock()


def quietly(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        with _quiet:
            return function(*args, **kwargs)

    return wrapper


@quietly
def load():
    time.sleep(1)  # RC311


@quietly
def count(items):
    return len(items)


class Hooks:
    """One lock for each hook: its messages go out one after the other."""

    def __init__(self):
        self._locks = {}

    def send(self, hook):
        try:
            lock = self._locks[hook]
        except KeyError:
            lock = self._locks[hook] = threading.Lock()
        with lock:
            return _answer(hook)
