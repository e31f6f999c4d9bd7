"""A cache of the module under its lock; each run of the test must meet it empty."""
# expect: passes
# switches: 0

import threading

CACHE = {}
LOCK = threading.Lock()
MADE = []


def get(key):
    with LOCK:
        if key not in CACHE:
            MADE.append(key)
            CACHE[key] = key.upper()
        return CACHE[key]


def test():
    assert not CACHE
    threads = [threading.Thread(target=get, args=("k",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert MADE == ["k"]
