"""Methods that an attribute took away."""

import queue
import threading
from collections import deque


class UserService:
    """The flag and the method that sets it have one name."""

    def __init__(self):
        self.add_user = False  # RC432
        self.lock = threading.Lock()
        self.users = []

    def run(self):
        if self.add_user:
            with self.lock:
                self.users.append("new")

    def add_user(self, name):
        with self.lock:
            self.users.append(name)


class Collector:
    """A result and its getter; the result is stored by the worker."""

    def __init__(self):
        self._jobs = queue.Queue()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self):
        found = []
        while True:
            job = self._jobs.get()
            if job is None:
                break
            found.append(job)
        self.results = sorted(found)  # RC432

    def results(self):
        self._thread.join()
        return []


class Limits:
    """Annotated parameters say what they hold."""

    def __init__(self, timeout: float, names: list[str]):
        self.timeout = timeout  # RC432
        self.names = names  # RC432

    def timeout(self):
        return 3.0

    def names(self):
        return []


class Base:
    def __init__(self):
        self.closed = False
        self.pending = deque()

    def retries(self):
        return 3

    def connect(self):
        for _ in range(self.retries()):
            print("connect")


class Eager(Base):
    """A class attribute over a method of the base, and a method under an attribute of the base."""

    retries = 10  # RC432

    def closed(self):  # RC432
        return True


class Twice(Base):
    """None first, something else later: not a method that was switched off."""

    def __init__(self):
        super().__init__()
        self.buffer = None

    def fill(self):
        self.buffer = bytearray(10)  # RC432

    def buffer(self):
        return b""


class Late:
    """The assignment stands in a nested function."""

    def start(self):
        def work():
            self.status = "running"  # RC432

        threading.Thread(target=work).start()

    def status(self):
        return "unknown"


class Rows(deque):
    """A method of a base in the standard library."""

    def __init__(self):
        super().__init__()
        self.count = 0  # RC432


class Shape:
    """A placeholder that somebody calls."""

    def area(self):
        raise NotImplementedError

    def describe(self):
        return f"area {self.area()}"


class Square(Shape):
    def __init__(self, side):
        self.area = side * 2
        self.side = side


class Unit(Shape):
    area = 1  # RC432


class Pump:
    def __init__(self):
        self.flowing = True

    def stop(self):
        self.flowing = False


class Plant:
    """The flag is set on another object, where the name is a method."""

    def __init__(self):
        self.pump = Pump()

    def shut_down(self):
        self.pump.stop = True  # RC432
