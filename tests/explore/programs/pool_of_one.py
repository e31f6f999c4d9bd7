"""A job of a pool with one worker waits for another job of the same pool."""
# expect: fails deadlock
# switches: 1

import threading
from concurrent.futures import ThreadPoolExecutor


class Pages:
    def __init__(self, pool):
        self.pool = pool
        self.known = {}

    def load(self):
        self.known["index"] = "text"

    def render(self):
        if "index" not in self.known:
            self.pool.submit(self.load).result()
        return self.known["index"]


def test():
    with ThreadPoolExecutor(1) as pool:
        pages = Pages(pool)
        thread = threading.Thread(target=pages.load)
        thread.start()
        assert pool.submit(pages.render).result() == "text"
        thread.join()
