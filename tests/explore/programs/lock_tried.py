"""Who does not get the second lock gives the first one back, and tries again."""
# expect: passes
# switches: 0

import threading


class Pair:
    def __init__(self):
        self.locks = [threading.Lock(), threading.Lock()]
        self.n = 0

    def add(self, first, second):
        while True:
            with self.locks[first]:
                if self.locks[second].acquire(blocking=False):
                    self.n += 1
                    self.locks[second].release()
                    return


def test():
    pair = Pair()
    threads = [threading.Thread(target=pair.add, args=order) for order in ((0, 1), (1, 0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pair.n == 2
