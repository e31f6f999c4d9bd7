"""An object that is stored before it is complete is no longer the job's own."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Settings:
    def __init__(self):
        self.values = {}

    def put(self, key, value):
        self.values[key] = value

    def shown(self):
        return [str(value) for value in self.values.values()]  # RC115


class Master:
    def __init__(self):
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(2)
        self.settings = Settings()

    def reload(self, lines):
        with self._lock:
            self._pool.submit(self._load, lines)

    def _load(self, lines):
        settings = Settings()
        self.settings = settings
        for line in lines:
            settings.put(*line)

    def show(self):
        return self.settings.shown()
