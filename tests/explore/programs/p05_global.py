"""A module's global is updated by two threads."""
# expect: fails race RC101 p05_global.total
# switches: 0

import threading

total = 0


def add():
    global total
    total += 1


def test():
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
