"""A flag that ends the work is no sign that it has not begun."""

import queue
import threading


class Agent:
    def __init__(self, run):
        self._run = run
        self._threads = {}
        self._queue = queue.Queue()
        self._ended = False

    def serve(self):
        threading.Thread(target=self._watch).start()
        self._work()

    def _work(self):
        while True:
            if self._ended:
                return
            job = self._queue.get()
            thread = threading.Thread(target=self._run, args=(job,))
            self._threads[job] = thread
            thread.start()
            thread.join()
            if job.last:
                self._ended = True

    def _watch(self):
        while True:
            if self._ended:
                return
            for job, thread in self._threads.items():  # RC115
                print(job, thread.is_alive())
