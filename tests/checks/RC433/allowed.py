"""What Thread is made for."""

import multiprocessing
import threading


class Polite(threading.Thread):
    daemon = True
    name = "polite"

    def __init__(self, func, *args):
        super().__init__()
        self._target = func
        self._args = args
        self._kwargs = {}
        self.stopped = threading.Event()
        self._stop_event = threading.Event()

    def run(self):
        self._target(*self._args, **self._kwargs)

    def stop(self):
        self.stopped.set()

    def start(self):
        print("starting")
        super().start()

    def join(self, timeout=None):
        self.stop()
        return super().join(timeout)

    def is_alive(self):
        return super().is_alive() and not self.stopped.is_set()


class Renamed(threading.Thread):
    def __init__(self, label):
        threading.Thread.__init__(self)
        self.name = label
        self.daemon = True
        self.run = self.work

    def work(self):
        print(self.name)


class Property(threading.Thread):
    """A property replaced by a property."""

    @property
    def name(self):
        return "fixed"

    def run(self):
        print(self.name)


class Declared(threading.Thread):
    _started: threading.Event
    name: str

    def run(self):
        print(self._started.is_set())


class Owner:
    """Not a thread."""

    _handle = None

    def __init__(self):
        self._stop = threading.Event()
        self._started = False
        self.ident = 5

    def _delete(self):
        print("deleted")


class Job(multiprocessing.Process):
    def __init__(self, queue):
        super().__init__()
        self.daemon = True
        self.queue = queue
        self._stop = multiprocessing.Event()

    def run(self):
        self.queue.put(1)

    def close(self):
        self.queue.close()
        super().close()


class Stoppable:
    """A mixin that is no thread itself."""

    def _stop(self):
        print("stop")


class Ticking(threading.Timer):
    def __init__(self, delay, job):
        super().__init__(delay, job)
        self.args = [delay]

    def run(self):
        while not self.finished.wait(self.interval):
            self.function(*self.args)
