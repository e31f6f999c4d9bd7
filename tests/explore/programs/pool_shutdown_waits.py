"""What the jobs did is read after shutdown(), which waits for them."""
# expect: passes
# switches: 0

import threading
from concurrent.futures import ThreadPoolExecutor


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.n = 0

    def add(self):
        with self.lock:
            self.n += 1


def test():
    tally = Tally()
    pool = ThreadPoolExecutor(2)
    for _ in range(3):
        pool.submit(tally.add)
    pool.shutdown(wait=True)
    tally.n += 1
    assert tally.n == 4
