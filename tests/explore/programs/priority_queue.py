"""Who is most urgent comes out first, once all are in."""
# expect: passes
# switches: 0

import queue
import threading


class Ward:
    def __init__(self):
        self.waiting = queue.PriorityQueue()

    def come(self, urgency):
        self.waiting.put(urgency)


def test():
    ward = Ward()
    threads = [threading.Thread(target=ward.come, args=(urgency,)) for urgency in (2, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ward.waiting.get(), ward.waiting.get()] == [1, 2]
