"""Names that Thread, Timer and Process need for themselves."""

import multiprocessing
import threading
from threading import Thread


class Worker(Thread):
    def __init__(self, jobs):
        Thread.__init__(self)
        self._stop = threading.Event()  # RC433
        self._started = False  # RC433
        self._handle = open("/dev/null")  # RC433
        self._context = {}  # RC433
        self.jobs = jobs

    def run(self):
        while not self._stop.is_set():
            self.jobs.get()


class Early(threading.Thread):
    """Set before the base's __init__ has run."""

    def __init__(self, func, label):
        self._target = func  # RC433
        self._args = (label,)  # RC433
        self.name = label  # RC433
        self.daemon = True  # RC433
        super().__init__()

    def run(self):
        self._target(*self._args)


class Base(threading.Thread):
    """The clash stands in a subclass of a subclass."""

    def run(self):
        self.work()

    def work(self):
        print("nothing")


class Derived(Base):
    def _stop(self):  # RC433
        print("stopping")

    def _delete(self):  # RC433
        print("deleting")

    def ident(self):  # RC433
        return 5

    def work(self):
        self._bootstrap = None  # RC433


class Flags(Base):
    _tstate_lock = None  # RC433
    is_alive = True  # RC433

    def work(self):
        self.native_id = 3  # RC433
        self.join = False  # RC433


class Delayed(threading.Timer):
    def __init__(self, delay, job):
        self.interval = delay  # RC433
        super().__init__(1.0, job)
        self.finished = False  # RC433


class Child(multiprocessing.Process):
    def __init__(self):
        super().__init__()
        self._popen = None  # RC433
        self.pid = 0  # RC433
        self._closed = True  # RC433

    def run(self):
        print("child")
