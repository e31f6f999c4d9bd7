"""Items that are None and are not counted, where somebody does put None."""

import queue
import threading


class Moves:
    def __init__(self):
        self.lines = queue.Queue()
        threading.Thread(target=self._work).start()

    def send(self, line):
        self.lines.put(line)

    def nudge(self):
        self.lines.put(None)

    def flush(self):
        self.lines.join()

    def _work(self):
        while True:
            line = self.lines.get()  # RC417
            if line is None:
                continue
            print("move")
            self.lines.task_done()
