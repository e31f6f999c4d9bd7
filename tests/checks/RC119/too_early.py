"""Constructors that start before everything is there."""

import queue
import threading
import time


class Indexer:
    """Through a helper of the target, and an attribute that is called."""

    def __init__(self, root, parse):
        self.root = root
        self._worker = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._worker.start()
        self.entries = {}  # RC119
        self.parse = parse  # RC119
        self.unused = 5

    def _run(self):
        for name in ("a", "b"):
            self._add(name)

    def _add(self, name):
        self.entries[name] = self.parse(name)


class Ticker(threading.Thread):
    """A thread that starts itself."""

    def __init__(self, interval):
        super().__init__(daemon=True)
        self.start()
        self.interval = interval  # RC119

    def run(self):
        while True:
            time.sleep(self.interval)


class Service:
    """A nested function, captured self."""

    def __init__(self, port):
        def loop():
            while not self.stopped:
                time.sleep(1)

        threading.Thread(target=loop, daemon=True).start()
        self.port = port
        self.stopped = False  # RC119


class Base:
    def __init__(self):
        self.jobs = queue.Queue()
        self._thread = threading.Thread(target=self.main, daemon=True)
        self._thread.start()

    def main(self):
        self.setup()
        while True:
            print(self.jobs.get())

    def setup(self):
        print("nothing to set up")


class Printer(Base):
    def __init__(self, device):
        super().__init__()
        self.device = device  # RC119

    def setup(self):
        self.device.open()
