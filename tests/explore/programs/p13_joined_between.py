"""The second thread begins after the first has been joined."""
# expect: passes complete
# switches: 0

import threading


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1


def test():
    counter = Counter()
    for _ in range(2):
        thread = threading.Thread(target=counter.add)
        thread.start()
        thread.join()
    counter.add()
    assert counter.n == 3
