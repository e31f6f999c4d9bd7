"""Room is made when the cache is full, but two threads find the same last place."""
# expect: fails assertion
# switches: 1

import threading


class Cache:
    def __init__(self, size):
        self.size = size
        self.entries = {}

    def put(self, key, value):
        if len(self.entries) >= self.size:
            self.entries.popitem()
        self.entries[key] = value


def test():
    cache = Cache(1)
    threads = [threading.Thread(target=cache.put, args=(key, key)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache.entries) == 1
