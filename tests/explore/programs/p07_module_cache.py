"""A cache of the module: both threads miss, both work the value out, one result is dropped."""
# expect: fails assertion
# switches: 1
# expect: fails race RC214 CACHE['k']
# switches: 0

import threading

CACHE = {}
MADE = []


def make(key):
    MADE.append(key)
    return key.upper()


def get(key):
    if key not in CACHE:
        CACHE[key] = make(key)
    return CACHE[key]


def test():
    threads = [threading.Thread(target=get, args=("k",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert MADE == ["k"]
