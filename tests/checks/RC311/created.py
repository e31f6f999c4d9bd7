"""Values made under the lock that is there for them, and calls that keep others waiting."""

# also: RC205

import threading
import time


class Engines:
    """Looks without the lock first; all who take it need an engine, or put one away."""

    _made = {}
    _lock = threading.Lock()

    @classmethod
    def get(cls, uri):
        if uri not in cls._made:
            with cls._lock:
                if uri not in cls._made:
                    cls._made[uri] = _engine(uri)
        return cls._made[uri]

    @classmethod
    def drop(cls, uri):
        with cls._lock:
            cls._made.pop(uri, None)


def _engine(uri):
    time.sleep(1)
    return object()


class Client:
    """One value: all who wait need it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._client = None

    def get(self):
        with self._lock:
            if self._client is None:
                self._client = _client()
            return self._client


def _client():
    time.sleep(1)
    return object()


class ByLocal:
    def __init__(self):
        self._lock = threading.Lock()
        self._made = {}

    def get(self, uri):
        found = self._made.get(uri)
        if found is None:
            with self._lock:
                found = self._made.get(uri)
                if found is None:
                    found = _local(uri)
                    self._made[uri] = found
        return found


def _local(uri):
    time.sleep(1)
    return object()


class OtherKeys:
    """Those who ask for what is there wait for what is not."""

    def __init__(self):
        self._lock = threading.Lock()
        self._made = {}

    def get(self, uri):
        with self._lock:
            if uri not in self._made:
                self._made[uri] = _other(uri)  # RC311
            return self._made[uri]


def _other(uri):
    time.sleep(1)
    return object()


class Busy:
    """Who counts does not need the engine."""

    def __init__(self):
        self._lock = threading.Lock()
        self._engine = None
        self._count = 0

    def get(self):
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = _busy()  # RC311
        return self._engine

    def count(self):
        with self._lock:
            self._count += 1


def _busy():
    time.sleep(1)
    return object()


class Beside:
    """The wait is not what makes the value."""

    def __init__(self):
        self._lock = threading.Lock()
        self._engine = None

    def get(self):
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    time.sleep(1)  # RC311
                    self._engine = object()
        return self._engine

    def close(self):
        with self._lock:
            self._engine = None


class Always:
    """Made anew each time."""

    def __init__(self):
        self._lock = threading.Lock()
        self._engine = None

    def get(self):
        if self._engine is None:
            with self._lock:
                self._engine = _always()  # RC311
        return self._engine

    def close(self):
        with self._lock:
            self._engine = None


def _always():
    time.sleep(1)
    return object()
