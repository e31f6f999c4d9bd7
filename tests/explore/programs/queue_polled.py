"""A queue is asked again and again, each time for a moment only."""
# expect: passes
# switches: 0

import queue
import threading


class Worker:
    def __init__(self):
        self.jobs = queue.Queue()
        self.stop = threading.Event()
        self.done = []

    def run(self):
        while not self.stop.is_set():
            try:
                job = self.jobs.get(timeout=0.01)
            except queue.Empty:
                continue
            self.done.append(job)
            self.jobs.task_done()


def test():
    worker = Worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    for job in range(2):
        worker.jobs.put(job)
    worker.jobs.join()
    worker.stop.set()
    thread.join()
    assert worker.done == [0, 1]
