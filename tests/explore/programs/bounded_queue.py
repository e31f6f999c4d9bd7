"""A queue for one item, one producer, one consumer, and a sentinel at the end."""
# expect: passes
# switches: 0

import queue
import threading


class Pipe:
    def __init__(self):
        self.items = queue.Queue(maxsize=1)
        self.total = 0

    def produce(self):
        for number in range(3):
            self.items.put(number)
        self.items.put(None)

    def consume(self):
        while (item := self.items.get()) is not None:
            self.total += item


def test():
    pipe = Pipe()
    threads = [threading.Thread(target=pipe.produce), threading.Thread(target=pipe.consume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pipe.total == 3
