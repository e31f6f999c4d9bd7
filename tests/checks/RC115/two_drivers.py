"""A service that asks its cache for a thread of its own, and starts one that fills the cache."""

import threading


class Cache:
    def __init__(self, source):
        self._lock = threading.Lock()
        self._source = source
        self.hits = 0
        self.items = {}

    def count(self):
        with self._lock:
            self.hits += 1

    def put(self, name, value):
        self.items[name] = value

    def start(self):
        for name, value in self.items.items():  # RC115
            self._source.announce(name, value)
        threading.Thread(target=self._clean).start()

    def _clean(self):
        while True:
            self.items.pop(self._source.oldest(), None)


class Service:
    def __init__(self, source):
        self._source = source
        self._cache = Cache(source)

    def start(self):
        self._cache.start()
        self._check()
        threading.Thread(target=self._work).start()

    def _check(self):
        for name, value in self._cache.items.items():  # RC115
            self._source.check(name, value)

    def _work(self):
        for name, value in self._source:
            self._cache.put(name, value)
