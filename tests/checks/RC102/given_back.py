"""A method that gives back what it has taken itself changes the state before it takes the lock."""

# also: RC115
import threading


class Probes:
    def __init__(self):
        self._lock = threading.Lock()
        self._values = {}

    def get(self, key):
        with self._lock:
            value = self._values.get(key)
            if value is None:
                value = self._values[key] = False
            return value

    def put(self, key, value):
        self._values[key] = value  # RC102
        self._lock.acquire()
        try:
            print(key)
        finally:
            self._lock.release()

    def names(self):
        with self._lock:
            return sorted({name.title() for name in self._values})


PROBES = Probes()
