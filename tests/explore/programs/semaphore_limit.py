"""At most two of three are inside, and none is lost."""
# expect: passes
# switches: 0

import threading


class Pool:
    def __init__(self):
        self.free = threading.BoundedSemaphore(2)
        self.lock = threading.Lock()
        self.inside = 0

    def use(self):
        with self.free:
            with self.lock:
                self.inside += 1
                assert self.inside <= 2
            with self.lock:
                self.inside -= 1


def test():
    pool = Pool()
    threads = [threading.Thread(target=pool.use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pool.inside == 0
