"""Each thread has its own key of the dictionary."""
# expect: passes
# switches: 0

import threading


class Tally:
    def __init__(self):
        self.counts = {"a": 0, "b": 0}

    def add(self, key):
        self.counts[key] += 1
        self.counts[key] += 1


def test():
    tally = Tally()
    threads = [threading.Thread(target=tally.add, args=(key,)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.counts == {"a": 2, "b": 2}
