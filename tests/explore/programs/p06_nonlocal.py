"""A closure's variable is updated by two threads."""
# expect: fails race RC101 make_counter.count
# switches: 0

import threading


def make_counter():
    count = 0

    def add():
        nonlocal count
        count += 1

    def get():
        return count

    return add, get


def test():
    add, _ = make_counter()
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
