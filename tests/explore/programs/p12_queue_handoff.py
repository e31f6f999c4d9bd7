"""A list goes through a queue: whoever has it is the only one who does."""
# expect: passes
# switches: 0

import queue
import threading


class Pipe:
    def __init__(self):
        self.queue = queue.Queue()
        self.got = []

    def produce(self):
        for number in range(2):
            item = []
            item.append(number)
            self.queue.put(item)
        self.queue.put(None)

    def consume(self):
        while (item := self.queue.get()) is not None:
            item.append("seen")
            self.got.append(item)


def test():
    pipe = Pipe()
    threads = [threading.Thread(target=pipe.produce), threading.Thread(target=pipe.consume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pipe.got == [[0, "seen"], [1, "seen"]]
