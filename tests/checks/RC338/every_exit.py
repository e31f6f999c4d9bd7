"""Workers that always tell, or whose waiters do not depend on it."""

import concurrent.futures
import logging
import os
import queue
import threading


class Loader:
    def __init__(self, source):
        self._source = source
        self._loaded = threading.Event()
        self._polled = threading.Event()
        self._failed = threading.Event()
        self._stopped = threading.Event()
        self.rows = None

    def begin(self):
        threading.Thread(target=self._load).start()
        threading.Thread(target=self._poll).start()
        threading.Thread(target=self._safe).start()
        threading.Thread(target=self._main).start()

    def _load(self):
        try:
            self.rows = self._source.read()
        finally:
            self._loaded.set()

    def _poll(self):
        self._source.read()
        self._polled.set()

    def _safe(self):
        try:
            self.rows = self._source.read()
        except Exception:
            logging.exception("no rows")
        self._failed.set()

    def _main(self):
        try:
            self._work()
        except Exception:
            self._stopped.set()
            raise

    def _work(self):
        self._source.read()
        self._stopped.set()

    def wait(self):
        self._loaded.wait()
        while not self._polled.wait(1.0):
            print("still polling")
        self._failed.wait()
        self._stopped.wait()


class Simple:
    """Nothing before the set can fail."""

    def __init__(self):
        self._up = threading.Event()
        self.count = 0

    def start(self):
        threading.Thread(target=self._run).start()
        self._up.wait()

    def _run(self):
        self.count = 1
        self._up.set()
        while True:
            self.count += 1


class Stoppable:
    """A stop from outside: `done` is not the end of the worker."""

    def __init__(self, job):
        self._job = job
        self._stop = threading.Event()

    def start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        if self._job():
            self._stop.set()

    def stop(self):
        self._stop.set()

    def wait(self):
        self._stop.wait()


def loop(inbox: queue.Queue, outbox: queue.Queue, work):
    def run():
        while True:
            item = inbox.get()
            if item is None:
                return
            outbox.put(work(item))

    threading.Thread(target=run).start()
    return outbox.get()


class Retrying:
    """The reader tries again until it works."""

    def __init__(self, source):
        self._source = source
        self._ready = threading.Event()

    def start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        while not self._ready.is_set():
            self._try()

    def _try(self):
        try:
            self._source.open()
            self._ready.set()
        except OSError:
            print("again")

    def wait(self):
        self._ready.wait()


def in_background(job):
    answer = concurrent.futures.Future()

    def run():
        try:
            answer.set_result(job())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run).start()
    return answer


class Fatal:
    """Without the worker there is no process."""

    def __init__(self, job):
        self._job = job
        self._over = threading.Event()

    def start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        try:
            self._job()
            self._over.set()
        except Exception:
            logging.exception("worker died")
            os._exit(1)

    def wait(self):
        self._over.wait()
