"""Constructors that start threads and may."""

import queue
import threading
import time


class Last:
    def __init__(self, path):
        self.path = path
        self.stopped = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopped:
            print(self.path)
            time.sleep(1)


class Given:
    """Assigned before, and again behind start()."""

    def __init__(self):
        self.state = None
        threading.Thread(target=self.run, daemon=True).start()
        self.state = "started"

    def run(self):
        print(self.state)


class Waits:
    """The thread waits for its first job, which nobody can send before __init__ is over."""

    def __init__(self, sink):
        self.jobs = queue.Queue()
        threading.Thread(target=self.run, daemon=True).start()
        self.sink = sink

    def run(self):
        while True:
            job = self.jobs.get()
            self.sink.write(job)


class Guarded:
    def __init__(self, name):
        threading.Thread(target=self.run, daemon=True).start()
        self.name = name
        self.label = name

    def run(self):
        if hasattr(self, "name"):
            print(self.name)
        try:
            print(self.label)
        except AttributeError:
            print("no label yet")


class Helper:
    """A helper called before start() assigns it."""

    def __init__(self):
        self._prepare()
        threading.Thread(target=self.run, daemon=True).start()
        self.table = {"a": 1}

    def _prepare(self):
        self.table = {}

    def run(self):
        print(self.table)


class Default:
    limit = 5

    def __init__(self, limit):
        threading.Thread(target=self.run, daemon=True).start()
        self.limit = limit

    def run(self):
        print(self.limit)


class Later:
    """Made here, started elsewhere."""

    def __init__(self, path):
        self.thread = threading.Thread(target=self.run)
        self.path = path

    def open(self):
        self.thread.start()

    def run(self):
        print(self.path)


class Other:
    """The thread runs on another object."""

    def __init__(self, path):
        threading.Thread(target=Last(path).run, daemon=True).start()
        self.path = path


class Locked:
    def __init__(self, path):
        self.lock = threading.Lock()
        with self.lock:
            threading.Thread(target=self.run, daemon=True).start()
            self.path = path

    def run(self):
        with self.lock:
            print(self.path)
