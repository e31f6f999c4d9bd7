"""A container is swapped for an empty one, while another thread tests it and then takes out."""
# also: RC202

import threading


class Pool:
    def __init__(self, jobs):
        self._busy = set()
        for job in jobs:
            self._busy.add(job)
            threading.Thread(target=self._work, args=(job,)).start()

    def _work(self, job):
        job()
        self._done(job)

    def _done(self, job):
        if job in self._busy:
            print("done")
            self._busy.remove(job)

    def stop(self):
        busy, self._busy = self._busy, set()  # RC101
        return busy
