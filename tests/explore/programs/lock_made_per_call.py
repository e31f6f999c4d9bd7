"""A lock that every call makes for itself keeps nobody out."""
# expect: fails race RC101 Counter.n
# switches: 0

import threading


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        with threading.Lock():
            self.n += 1


def test():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
