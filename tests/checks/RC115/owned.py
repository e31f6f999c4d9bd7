"""A lock of one's own is no thread yet: loops without it are reported where threads are known."""

import threading


class Book:
    def __init__(self):
        self._lock = threading.Lock()
        self._pages = {}

    def write(self, name, text):
        with self._lock:
            self._pages[name] = text

    def tear(self, name):
        with self._lock:
            del self._pages[name]

    def read(self):
        for name in self._pages:
            print(name)


class Diary:
    def __init__(self):
        self._lock = threading.Lock()
        self._pages = {}
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self):
        while True:
            self.write(str(len(self._pages)), "...")

    def write(self, name, text):
        with self._lock:
            self._pages[name] = text

    def tear(self, name):
        with self._lock:
            del self._pages[name]

    def read(self):
        for name in self._pages:  # RC115
            print(name)
