"""A job that was cancelled is skipped without task_done(): join() never returns."""
# expect: fails deadlock
# switches: 1

import queue
import threading


class Jobs:
    def __init__(self):
        self.queue = queue.Queue()
        self.cancelled = False

    def work(self):
        while True:
            self.queue.get()
            if self.cancelled:
                continue
            self.queue.task_done()

    def cancel(self):
        self.cancelled = True


def test():
    jobs = Jobs()
    jobs.queue.put("job")
    threading.Thread(target=jobs.work, daemon=True).start()
    canceller = threading.Thread(target=jobs.cancel)
    canceller.start()
    jobs.queue.join()
    canceller.join()
