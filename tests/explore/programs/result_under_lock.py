"""The job needs the lock that is held by whoever waits for its result."""
# expect: fails deadlock
# switches: 0

import threading
from concurrent.futures import ThreadPoolExecutor


class Prices:
    def __init__(self, pool):
        self.pool = pool
        self.lock = threading.Lock()
        self.known = {}

    def load(self, name):
        with self.lock:
            self.known[name] = len(name)
            return self.known[name]

    def refresh(self, name):
        future = self.pool.submit(self.load, name)
        with self.lock:
            return future.result()


def test():
    with ThreadPoolExecutor(1) as pool:
        assert Prices(pool).refresh("tea") == 3
