"""A list goes through a SimpleQueue."""
# expect: passes
# switches: 0

import queue
import threading


class Pipe:
    def __init__(self):
        self.queue = queue.SimpleQueue()
        self.got = []

    def produce(self):
        item = []
        item.append(1)
        self.queue.put(item)

    def consume(self):
        item = self.queue.get()
        item.append(2)
        self.got.append(item)


def test():
    pipe = Pipe()
    threads = [threading.Thread(target=pipe.consume), threading.Thread(target=pipe.produce)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pipe.got == [[1, 2]]
