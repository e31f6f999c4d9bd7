"""A lock that is given up after a while: two orders, but nobody waits for ever."""
# expect: passes
# switches: 0

import threading


class Pair:
    def __init__(self):
        self.a = threading.Lock()
        self.b = threading.Lock()
        self.failed = 0

    def take(self, first, second):
        with first:
            if second.acquire(timeout=1):
                second.release()


def test():
    pair = Pair()
    threads = [
        threading.Thread(target=pair.take, args=(pair.a, pair.b)),
        threading.Thread(target=pair.take, args=(pair.b, pair.a)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
