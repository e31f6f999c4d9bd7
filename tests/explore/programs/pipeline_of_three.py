"""Three stages with a queue between each two."""
# expect: passes
# switches: 0

import queue
import threading


class Stage(threading.Thread):
    def __init__(self, work, source, target):
        super().__init__()
        self.work = work
        self.source = source
        self.target = target

    def run(self):
        while (item := self.source.get()) is not None:
            self.target.put(self.work(item))
        self.target.put(None)


def test():
    queues = [queue.Queue() for _ in range(3)]
    stages = [Stage(str.strip, *queues[:2]), Stage(str.upper, *queues[1:])]
    for stage in stages:
        stage.start()
    for text in (" one", "two ", None):
        queues[0].put(text)
    for stage in stages:
        stage.join()
    assert [queues[2].get() for _ in range(3)] == ["ONE", "TWO", None]
