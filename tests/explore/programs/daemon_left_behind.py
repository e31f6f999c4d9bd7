"""A daemon thread waits for ever: that is what daemons do, and no deadlock."""
# expect: passes
# switches: 0

import queue
import threading


class Writer:
    def __init__(self):
        self.lines = queue.Queue()
        self.written = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            self.written.append(self.lines.get())
            self.lines.task_done()


def test():
    writer = Writer()
    writer.lines.put("one")
    writer.lines.put("two")
    writer.lines.join()
    assert writer.written == ["one", "two"]
