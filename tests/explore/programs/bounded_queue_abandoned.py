"""The consumer leaves at the first sentinel; a producer is left before a queue that is full."""
# expect: fails deadlock
# switches: 1

import queue
import threading


class Pipe:
    def __init__(self):
        self.items = queue.Queue(maxsize=2)

    def produce(self):
        for number in range(3):
            self.items.put(number)

    def finish(self):
        self.items.put(None)

    def consume(self):
        while self.items.get() is not None:
            pass


def test():
    pipe = Pipe()
    threads = [threading.Thread(target=work) for work in (pipe.produce, pipe.finish, pipe.consume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
