"""Two workers, task_done() in finally, join() for all of it, and a sentinel for each."""
# expect: passes
# switches: 0

import queue
import threading


class Workers:
    def __init__(self):
        self.jobs = queue.Queue()
        self.lock = threading.Lock()
        self.total = 0

    def run(self):
        while (job := self.jobs.get()) is not None:
            try:
                with self.lock:
                    self.total += job
            finally:
                self.jobs.task_done()


def test():
    workers = Workers()
    threads = [threading.Thread(target=workers.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for job in (1, 2, 3):
        workers.jobs.put(job)
    workers.jobs.join()
    workers.total += 4
    for _ in threads:
        workers.jobs.put(None)
    for thread in threads:
        thread.join()
    assert workers.total == 10
