"""Taking what may be gone, with and without a default."""

import threading


class Names:
    def __init__(self):
        self._known = {}
        for _ in range(2):
            threading.Thread(target=self._forget, daemon=True).start()

    def add(self, name):
        self._known[name] = name

    def _forget(self):
        while True:
            if not self._known:
                return
            print("one less")
            self._known.pop("first", None)


class Strict:
    def __init__(self):
        self._known = {}
        for _ in range(2):
            threading.Thread(target=self._forget, daemon=True).start()

    def add(self, name):
        self._known[name] = name

    def _forget(self):
        while True:
            if not self._known:  # RC202
                return
            print("one less")
            self._known.pop("first")
