"""Consumers that lose count."""

import queue
import threading


class Pipeline:
    """The handler of exceptions goes on without counting."""

    def __init__(self):
        self._jobs = queue.Queue()
        self.failed = queue.Queue()

    def start(self):
        for _ in range(4):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            try:
                job = self._jobs.get()  # RC417
                job.run()
                self._jobs.task_done()
            except Exception as error:
                self.failed.put(error)

    def drain(self):
        self._jobs.join()


def worker(jobs):
    while True:
        job = jobs.get()  # RC417
        job()
        jobs.task_done()


def run_all(functions):
    jobs = queue.Queue()
    for _ in range(2):
        threading.Thread(target=worker, args=(jobs,), daemon=True).start()
    for function in functions:
        jobs.put(function)
    jobs.join()


class Sentinel:
    """join() is called behind the sentinel, so the sentinel counts too."""

    def __init__(self):
        self.lines = queue.Queue()
        self.thread = threading.Thread(target=self.write)
        self.thread.start()

    def write(self):
        while True:
            line = self.lines.get()  # RC417
            if line is None:
                break
            try:
                print(line)
            finally:
                self.lines.task_done()

    def close(self):
        self.lines.put(None)
        self.lines.join()
        self.thread.join()


