"""A number of the module, which each run of the test must meet as it was imported."""
# expect: passes
# switches: 0

import threading

started = 0
LOCK = threading.Lock()


def start():
    global started
    with LOCK:
        started += 1


def test():
    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started == 2
