"""Names that are attribute and method on purpose."""

import functools
import threading
from dataclasses import dataclass
from enum import Enum
from unittest import mock


class Hooks:
    """Replaceable functions: everything that is stored can be called."""

    def __init__(self, on_error=None, on_data=None):
        self.on_error = on_error or self._ignore
        self.on_data = on_data if on_data else functools.partial(print, "data")
        self.close = self._close
        self.flush = lambda: None
        self.write = print

    def on_error(self, error):
        print(error)

    def on_data(self, data):
        print(data)

    def close(self):
        print("closed")

    def flush(self):
        print("flushed")

    def write(self, text):
        print(text)

    def _close(self):
        self.close = self._closed_already

    def _closed_already(self):
        raise RuntimeError

    def _ignore(self, error):
        pass


class Switch:
    """A value now, a function later: unknown to us."""

    def __init__(self):
        self.handler = None

    def handler(self, event):
        print(event)

    def listen(self, handler):
        self.handler = handler


class Level:
    """Properties, cached ones and descriptors."""

    def __init__(self, value):
        self._value = 0
        self.value = value
        self.cost = 5
        self.size = 3

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        self._value = new

    @functools.cached_property
    def cost(self):
        return 10

    @mock.patch
    def size(self):
        return 0

    def name(self):
        return "level"

    name = property(name)


class Slotted:
    __slots__ = ("count",)

    def __init__(self):
        self.count = 0


@dataclass
class Record:
    total: int = 0
    items: list = None

    def add(self, number):
        self.total += number


class Colour(Enum):
    RED = 1
    name_of = 2

    def label(self):
        return self.name


class Proxy:
    """Assignments go somewhere else."""

    def __init__(self, target):
        object.__setattr__(self, "_target", target)
        self.ping = 5

    def __setattr__(self, name, value):
        setattr(self._target, name, value)

    def ping(self):
        return 1


class Plugin:
    """`callable` decides which of the two it is."""

    def priority(self):
        return 1

    def order(self):
        return self.priority() if callable(self.priority) else self.priority


class Urgent(Plugin):
    priority = 100


class Reset:
    """Taken back with `del`."""

    def mute(self):
        self.notify = False

    def unmute(self):
        del self.notify

    def notify(self):
        print("ding")


class Order:
    """The def comes last and wins."""

    timeout = 5

    def timeout(self):
        return 5


class Disabled(Order):
    timeout = None


class Replaced(Order):
    def __init__(self):
        self.lock = threading.Lock()


class Holder:
    def __init__(self):
        self.state = "new"


class NotCalled(Holder):
    """The base's `__init__` does not run, so its attribute never exists."""

    def __init__(self):
        self.other = 1

    def state(self):
        return self.other


class Stage:
    """A placeholder that subclasses fill with an attribute; nobody calls it."""

    def source(self):
        """Where to read from."""
        raise NotImplementedError("no source")

    def read(self):
        return self.source.read()


class FileStage(Stage):
    def __init__(self, path):
        self.source = open(path)


class ListStage(Stage):
    def __init__(self):
        self.source = [1, 2]


class DefaultHook:
    """A default for those who define no method of the name."""

    def __init__(self):
        if self.on_start is None:
            self.on_start = 5

    on_start = None


class Started(DefaultHook):
    def on_start(self):
        print("started")


class Pump:
    def __init__(self):
        self.running = True

    def stop(self):
        self.running = False

    @property
    def speed(self):
        return 1

    @speed.setter
    def speed(self, value):
        print(value)


def patch(pump: Pump, other):
    pump.stop = other.stop
    pump.speed = 5
    pump.running = False
    other.stop = True
