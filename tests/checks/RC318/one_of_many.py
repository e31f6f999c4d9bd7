"""Ends that only one waiter hears of."""

import threading


class Pool:
    def __init__(self, size):
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._jobs = []
        self._shutdown = False
        self._workers = [threading.Thread(target=self._loop) for _ in range(size)]
        for worker in self._workers:
            worker.start()

    def submit(self, job):
        with self._lock:
            self._jobs.append(job)
            self._work.notify()

    def _loop(self):
        while True:
            with self._lock:
                while not self._jobs and not self._shutdown:
                    self._work.wait()
                if self._shutdown:
                    return
                job = self._jobs.pop(0)
            job()

    def shutdown(self):
        with self._lock:
            self._shutdown = True
            self._work.notify()  # RC318
        for worker in self._workers:
            worker.join()
