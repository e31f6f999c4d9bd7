"""Callbacks of futures add up under a lock."""
# expect: passes
# switches: 0

import threading
from concurrent.futures import ThreadPoolExecutor


class Sum:
    def __init__(self):
        self.lock = threading.Lock()
        self.total = 0

    def add(self, future):
        with self.lock:
            self.total += future.result()


def test():
    found = Sum()
    with ThreadPoolExecutor(2) as pool:
        for number in range(3):
            pool.submit(abs, number).add_done_callback(found.add)
    assert found.total == 3
